"""What comes back: reading tokens, signatures, events and mail, pure."""
