"""What this adds: the ways a send may take, kept by PostgreSQL, and those that it took."""

from storage.migrations.beside import run_sql_beside

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
