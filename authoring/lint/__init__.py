"""What a senior colleague would say of a sequence before it goes live; pure, needs no server."""
