"""The models' pages, one module for each room."""
