"""The file of JSON lines that lets mails outlive the program."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from devstack.emulator.records import Event, Mail, Post, Record

_FILE = "journal.jsonl"


class Entry(Record):
    """One line: exactly one of these."""

    mail: Mail | None = None
    event: Event | None = None
    post: Post | None = None
    forgiven: str | None = None


class Journal:
    """Append-only memory in a directory; without one, no memory."""

    def __init__(self, state: Path | None) -> None:
        self._path = state and state / _FILE
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _cut_torn_line(self._path)
        self._file = self._path.open("ab", buffering=0) if self._path else None

    def read(self) -> Iterator[Entry]:
        """Give what was written, in order; a line that this version cannot read is left out."""
        if self._path is None:
            return
        with self._path.open("rb") as lines:
            for line in lines:
                try:
                    yield Entry.model_validate_json(line)
                except ValidationError:
                    continue

    def append(self, entry: Entry) -> None:
        """Write one line, at once."""
        if self._file:
            line = entry.model_dump_json(exclude_defaults=True)
            self._file.write(line.encode("utf-8", "surrogatepass") + b"\n")

    def close(self) -> None:
        """Let go of the file."""
        if self._file:
            self._file.close()


def _cut_torn_line(path: Path) -> None:
    # A program that was killed while writing leaves half a line.
    written = path.read_bytes() if path.exists() else b""
    whole = written[: written.rfind(b"\n") + 1]
    if whole != written:
        path.write_bytes(whole)
