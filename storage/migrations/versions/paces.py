"""What this adds: how many may enter a day."""

from storage.migrations.beside import run_sql_beside

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
