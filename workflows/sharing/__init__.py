"""Sharing a contact among sequences: turns and caps. Pure."""
