; What the extractor wants to see of a Go syntax tree.
(package_clause) @package
(import_spec) @import
(type_spec) @type
(type_alias) @type
(method_elem) @function
(function_declaration) @function
(method_declaration) @function
(func_literal) @literal
(field_declaration) @field
(type_parameter_declaration) @type_parameter
(var_spec) @variable
(const_spec) @variable
(short_var_declaration) @assigned
(assignment_statement) @assigned
(range_clause) @iteration
(type_switch_statement) @type_switch
(return_statement) @return
(call_expression) @call
; The grammar takes `first[int](x)` for a conversion.
(type_conversion_expression type: (generic_type) @generic_call)
