"""The code graph: source is parsed to facts, facts become nodes and edges, a store answers queries."""
