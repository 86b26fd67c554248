"""What this adds: the tide, by which a database that was restored from a backup is noticed."""

from storage.migrations.beside import run_sql_beside

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
