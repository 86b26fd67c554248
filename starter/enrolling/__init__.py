"""Enrollments started, replaced, called off."""
