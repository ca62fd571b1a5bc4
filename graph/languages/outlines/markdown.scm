; Headings; a section is the text under one.
(section) @definition
(setext_heading) @definition
