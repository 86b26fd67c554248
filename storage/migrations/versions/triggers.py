"""What this adds: what enrolls people by itself, and enrollments on their way to Temporal."""

from storage.migrations.beside import run_sql_beside

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    run_sql_beside(__file__)
