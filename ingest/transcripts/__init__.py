"""Session transcripts of coding assistants: raw lines in, entries and memory drafts out. No Django here.

`read_lines` of a format turns raw lines into entries, `mask_entry` takes the secrets out of one, and
`memories_of` says what of it is worth remembering.
"""
