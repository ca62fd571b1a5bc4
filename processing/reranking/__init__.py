"""Putting what a search found into a better order by asking a model that reads query and texts together.

Plain modules without Django models, under the same limits as the paid embedding provider.
"""
