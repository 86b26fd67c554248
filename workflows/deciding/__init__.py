"""What an enrollment does next, and why: pure and total."""
