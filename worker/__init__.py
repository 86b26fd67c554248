"""Building and running the worker."""
