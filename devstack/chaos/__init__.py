"""Chaos: real servers, everything dying at random by a seed, and the proof that nothing is lost."""
