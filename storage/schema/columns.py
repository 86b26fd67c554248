"""What the tables are made of: their metadata, and makers of the usual columns."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

# The names that PostgreSQL itself would give.
metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

# A column's type is what it is declared with; SQLAlchemy gives it no narrower name.
AnyColumn = Column[Any]


def words(name: str, *, null: bool = False, unique: bool = False, key: bool = False) -> AnyColumn:
    """Make a column of text, unique or the primary key if asked."""
    return Column(name, Text, nullable=null, unique=unique or None, primary_key=key)


def texts(*names: str, null: bool = False) -> list[AnyColumn]:
    """Make several columns of text."""
    return [words(name, null=null) for name in names]


def number(name: str, *, null: bool = False, default: int | None = None) -> AnyColumn:
    """Make a column of whole numbers."""
    written = None if default is None else text(str(default))
    return Column(name, Integer, nullable=null, server_default=written)


def moment(name: str, *, null: bool = False) -> AnyColumn:
    """Make a column of moments."""
    return Column(name, DateTime(timezone=True), nullable=null)


def moments(*names: str, null: bool = False) -> list[AnyColumn]:
    """Make several columns of moments."""
    return [moment(name, null=null) for name in names]


def wall(name: str = "wall") -> AnyColumn:
    """Make a column that keeps when the row was written, by the wall clock."""
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


def document(name: str, *, null: bool = False) -> AnyColumn:
    """Make a column of JSON."""
    return Column(name, JSONB(none_as_null=True), nullable=null)


def own_id() -> AnyColumn:
    """Make the primary key column of a table that names its rows itself."""
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid())


def counter() -> AnyColumn:
    """Make a primary key column that counts up."""
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def key_of(
    table: str, name: str, *, null: bool = False, unique: bool = False, key: bool = False
) -> AnyColumn:
    """Make a column that refers to the column `table` names, as `contacts.id`."""
    return Column(name, ForeignKey(table), nullable=null, unique=unique or None, primary_key=key)


def one_of(column: str, *words: str) -> CheckConstraint:
    """Allow a column only the given words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return check(column, f"{column} IN ({listed})")


def check(name: str, rule: str) -> CheckConstraint:
    """Allow a row only if the SQL `rule` is true of it."""
    return CheckConstraint(rule, name=name)


def index(name: str | None, *columns: str, unique: bool = False, where: str | None = None) -> Index:
    """Make an index, of the rows for which the SQL `where` is true; two NULLs are the same."""
    return Index(
        name,
        *columns,
        unique=unique,
        postgresql_where=None if where is None else text(where),
        postgresql_nulls_not_distinct=unique or None,
    )
