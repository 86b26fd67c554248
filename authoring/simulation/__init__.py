"""Enrollments on a virtual clock: one, or a crowd of random recipients."""
