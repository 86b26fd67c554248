"""What this adds: why somebody was refused, in words."""

from storage.migrations.beside import run_sql_beside

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
