"""What other services post, mapped to events and contacts by mappings that are data."""
