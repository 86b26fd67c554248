"""The tables' history, step by step (Alembic)."""
