"""What lies between two processes of a chaos run, sees what passes, and can let it fail."""
