"""The first tables."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table of the first release, as the SQL beside this file says."""
    statements = Path(__file__).with_suffix(".sql").read_text()
    # Without parameters PostgreSQL takes many statements at once.
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)
