"""What this adds: breakers, who tries them, and the project's rules for sending."""

from storage.migrations.beside import run_sql_beside

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
