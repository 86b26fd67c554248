"""What this adds: in which zone a sequence's days are counted, and which starts were called."""

from storage.migrations.beside import run_sql_beside

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
