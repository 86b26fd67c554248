"""When somebody is back, as a notice says it."""
