"""What this adds: contacts found to be one."""

from storage.migrations.beside import run_sql_beside

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
