"""The first tables."""

from storage.migrations.beside import run_sql_beside

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table of the first release, as the SQL beside this file says."""
    run_sql_beside(__file__)
