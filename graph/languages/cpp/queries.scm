; What C++ has beyond C.
(class_specifier body: (_)) @class
(namespace_definition) @namespace
(new_expression) @new
(compound_literal_expression) @new
(field_initializer) @initializer
(for_range_loop) @iteration
(using_declaration) @using
(alias_declaration) @type_alias
(lambda_expression) @lambda
(catch_clause) @lambda
