"""Reading what a sequence says: each part of the language becomes a checked value."""
