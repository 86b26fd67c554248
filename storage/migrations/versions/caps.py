"""What this adds: frequency caps over all sequences, and mails that they defer."""

from storage.migrations.beside import run_sql_beside

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
