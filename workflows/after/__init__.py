"""The next progress after each thing that happened: pure, never a changed value."""
