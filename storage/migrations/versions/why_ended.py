"""What this adds: why an enrollment ended, in words."""

from storage.migrations.beside import run_sql_beside

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
