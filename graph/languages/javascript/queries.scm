; What the extractor wants to see of a JavaScript or TypeScript syntax tree.
(class_declaration) @class
(class) @class
(function_declaration) @function
(generator_function_declaration) @function
(method_definition) @method
(function_expression) @function_value
(generator_function) @function_value
(arrow_function) @function_value
(object) @object
(variable_declarator) @variable
(assignment_expression) @assignment
(call_expression) @call
(new_expression) @new
(import_statement) @import
(export_statement) @export
(return_statement) @return
(for_in_statement) @iteration
