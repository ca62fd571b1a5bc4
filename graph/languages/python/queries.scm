; What the extractor wants to see of a Python syntax tree: each capture is handled by the function of its name.
(class_definition) @class
(function_definition) @function
(decorator) @decorator
(import_statement) @import
(import_from_statement) @import_from
(future_import_statement) @import_from
(call) @call
(assignment) @assignment
(named_expression) @named
(for_statement) @iteration
(for_in_clause) @iteration
(with_item) @with_item
(except_clause) @except
(return_statement) @return
(yield) @yield
(lambda) @lambda
(global_statement) @global
