"""Authored files as text: YAML with places, strict fields, faults, formatting."""
