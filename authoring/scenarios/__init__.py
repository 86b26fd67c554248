"""A sequence's own scenarios: read, tried, and compared with what they expect."""
