"""The default without Docker: Postgres, Redis, FalkorDB, Neo4j and the model, started from pinned packages.

Nothing here runs in production, and nothing but `__main__` and the test suite imports it. The launchers
need no Django, so that they can start the services before the settings are read.
"""
