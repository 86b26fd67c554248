"""Letting in: who may be enrolled, from which moment, at which step."""
