; What the extractor wants to see of a Ruby syntax tree: each capture is handled by the function of its name.
(class) @class
(module) @module
(method) @method
(singleton_method) @method
(call) @call
(super) @super
(identifier) @identifier
(assignment) @assignment
(operator_assignment) @assignment
(exception_variable) @exception
(block_parameters) @block_parameters
(lambda_parameters) @block_parameters
(return) @return
(alias) @alias
(comment) @comment
