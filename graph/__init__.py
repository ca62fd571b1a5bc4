"""The code graph: source is parsed to facts, facts are resolved to nodes and edges, a store answers queries."""
