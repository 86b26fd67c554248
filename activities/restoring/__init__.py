"""Noticing that a database came from a backup: what a process remembers, and how it stops all."""
