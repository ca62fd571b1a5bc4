; Everything that has a name; the type of the node says whether it is a definition.
(_ name: (_)) @definition
