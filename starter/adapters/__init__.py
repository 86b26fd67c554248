"""What other services post: their mappings read, and what they mean taken in."""
