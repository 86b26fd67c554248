"""Scenarios of sequences, lived on real servers as they were written."""
