"""What this adds: sequences of one group share a contact: whose turn it is."""

from storage.migrations.beside import run_sql_beside

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
