"""What goes out after a commit: signals, starts, notices to owners and endpoints."""
