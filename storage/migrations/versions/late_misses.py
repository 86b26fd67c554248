"""What this adds: of a mail in doubt it may come to light that it surely did not get there."""

from storage.migrations.beside import run_sql_beside

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
