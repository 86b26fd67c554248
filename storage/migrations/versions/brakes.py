"""What this adds: brakes, and signals that are brought later."""

from storage.migrations.beside import run_sql_beside

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
