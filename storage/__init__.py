"""What is kept in PostgreSQL: tables, and functions over a connection."""
