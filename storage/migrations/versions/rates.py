"""What this adds: rates of senders and recipient domains, and who waits in their lines."""

from storage.migrations.beside import run_sql_beside

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
