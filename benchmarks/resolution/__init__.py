"""How well calls are resolved: against a public micro-benchmark, and against what really ran."""
