"""How memories live: used, they stay; unused, they fade; used together, they are linked."""
