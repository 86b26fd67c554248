"""A sequence's folder becomes a checked version; needs no server."""
