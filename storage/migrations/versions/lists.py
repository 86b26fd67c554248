"""What this adds: lists of people to enroll, row by row."""

from storage.migrations.beside import run_sql_beside

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
