"""Opening a file for a sequence: as a list with a header line, or as mere references."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine

from activities.admitting.first_steps import unknown_step
from schemas.outcomes import Refused
from schemas.version import Version
from starter.enrolling.enrollments import unpublished
from starter.lists.columns import field_names
from starter.lists.entries import Reading, reading_of
from starter.lists.rows import BadFile
from starter.lists.tables import EMPTY, open_table
from starter.lists.uploading import Wish
from starter.lists.wants import wants_of
from storage import versions

_TABLES = (".jsonl", ".ndjson", ".xlsx", ".xlsm")
_HEADED = (".csv", ".tsv")


def is_list(path: Path, mapping: Mapping[str, str], encoding: str | None = None) -> bool:
    """Tell whether a file has columns; a file of references has one a line, and no header.

    An empty one is a list, too, of nobody.

    Raises OSError if it cannot be read, LookupError if there is no such `encoding`.
    """
    if path.suffix.lower() in _TABLES or mapping:
        return True
    table = open_table(path, encoding)
    if isinstance(table, BadFile):
        # Whoever opens it says what is wrong with it.
        return table == EMPTY or path.suffix.lower() in _HEADED
    is_wide = len(table.header) > 1 and path.suffix.lower() in _HEADED
    return is_wide or "email" in field_names(table.header, {})


def published(engine: Engine, wish: Wish) -> Version | Refused:
    """Give the version that a list is for, or say that there is none, or not such a step in it."""
    with engine.connect() as connection:
        refused = unpublished(connection, wish.sequence, wish.version)
        found = None
        if refused is None and wish.version is not None:
            found = versions.get(connection, wish.version)
        elif refused is None:
            found = versions.latest(connection, wish.sequence)
    if found is not None:
        return unknown_step(found.sequence, wish.step) or found
    return refused or Refused(reason="unknown_sequence", message="it is gone")


def open_list(path: Path, wish: Wish, version: Version) -> Reading | BadFile:
    """Open a list for a version, and settle what its columns are.

    Raises OSError if it cannot be read, LookupError if there is no such encoding.
    """
    table = open_table(path, wish.encoding)
    if isinstance(table, BadFile):
        return table
    return reading_of(table, wish.mapping, version.sequence, wants_of(version))
