"""Deciding what an enrollment does, and the workflow that does it."""
