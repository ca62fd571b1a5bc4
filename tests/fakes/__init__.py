"""Servers that stand in for paid services: real HTTP on loopback, able to misbehave."""
