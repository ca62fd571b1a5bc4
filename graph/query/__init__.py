"""Raw Cypher behind a guard: read-only, inside one workspace and inside the projects that the caller may see.

A query is parsed by a grammar that holds only what is allowed, checked, and written anew for the store from the
parsed form: no text of the caller's reaches a store. Every node that a query can bind, those in the middle of a
path too, is tested for its workspace and its project; values are reached through bound nodes alone.
"""
