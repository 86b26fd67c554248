"""A mail from its templates: subject, HTML and plain text; pure functions."""
