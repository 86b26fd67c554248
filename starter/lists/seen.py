"""Who stood in a file before, in flat memory however long the file is."""

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b

_TABLE = "CREATE TABLE seen (identity BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID"
_FIND = "SELECT line FROM seen WHERE identity = ?"
_KEEP = "INSERT OR IGNORE INTO seen VALUES (?, ?)"
_BYTES = 12


class Seen:
    """Remembers identities on disk, as marks that tell nothing of anybody."""

    def __init__(self) -> None:
        # Without a name: a file of SQLite's own that nobody else sees, gone with the connection.
        self._known = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._known.execute(_TABLE)
        self._known.execute("BEGIN")

    def earlier(self, identities: Iterable[str], line: int) -> int | None:
        """Give the line where one of the identities stood first; None if none did before."""
        marks = [blake2b(one.encode(), digest_size=_BYTES).digest() for one in identities]
        found = (self._known.execute(_FIND, (mark,)).fetchone() for mark in marks)
        earlier: int | None = next((int(row[0]) for row in found if row is not None), None)
        at = line if earlier is None else earlier
        self._known.executemany(_KEEP, ((mark, at) for mark in marks))
        return earlier

    def close(self) -> None:
        """Forget all."""
        self._known.close()
