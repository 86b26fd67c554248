"""The numbers: queries and statistics, no printing."""
