"""Running the SQL that lies beside a migration under the same name."""

from pathlib import Path

from alembic import op


def run_sql_beside(migration: str) -> None:
    """Run the statements of the file named as the `migration`'s own, but `.sql`."""
    statements = Path(migration).with_suffix(".sql").read_text()
    # Without parameters PostgreSQL takes many statements at once.
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)
