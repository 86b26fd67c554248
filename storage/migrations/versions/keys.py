"""What this adds: keys of other systems for contacts that had none of their own here."""

from storage.migrations.beside import run_sql_beside

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
