; JavaScript's own name for a class field.
(field_definition) @field
