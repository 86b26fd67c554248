"""From what a mail says to its kind."""
