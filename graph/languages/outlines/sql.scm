; What SQL creates by name.
(create_table) @definition
(create_view) @definition
(create_materialized_view) @definition
(create_function) @definition
(create_type) @definition
