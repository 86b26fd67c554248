"""What the whole language needs: variants, overrides, sticky senders, notices, holidays."""

from storage.migrations.beside import run_sql_beside

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
