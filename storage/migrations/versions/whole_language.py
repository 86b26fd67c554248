"""What the whole language needs: variants, overrides, sticky senders, notices, holidays."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what the SQL beside this file says."""
    statements = Path(__file__).with_suffix(".sql").read_text()
    # Without parameters PostgreSQL takes many statements at once.
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)
