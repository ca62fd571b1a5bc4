; What the extractor wants to see of a C or C++ syntax tree: each capture is handled by the function of its name.
(function_definition) @function
(struct_specifier body: (_)) @struct
(union_specifier body: (_)) @union
(enum_specifier body: (_)) @enum
(type_definition) @typedef
(preproc_function_def) @macro
(preproc_def) @alias
(preproc_include) @include
(declaration) @declaration
(field_declaration) @field
(initializer_pair) @pair
(assignment_expression) @assignment
(call_expression) @call
(return_statement) @return
(comment) @comment
