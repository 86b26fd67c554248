"""When something is due: local time, windows, business days, dates. Pure."""
