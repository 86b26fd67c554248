"""The demo: a sequence's whole life on real servers, days in seconds, and the proof of it."""
