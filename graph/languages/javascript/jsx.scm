; Elements of JSX: using a component calls it.
(jsx_opening_element) @element
(jsx_self_closing_element) @element
