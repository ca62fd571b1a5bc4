; What TypeScript has beyond JavaScript.
(abstract_class_declaration) @class
(interface_declaration) @interface
(enum_declaration) @enum
(type_alias_declaration) @type
(internal_module) @namespace
(function_signature) @signature
(method_signature) @signature
(abstract_method_signature) @signature
(public_field_definition) @field
(property_signature) @field
