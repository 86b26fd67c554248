"""Sequences to begin with: one for each purpose, small, complete and clean."""
