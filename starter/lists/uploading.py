"""A checked file goes into PostgreSQL: contacts and rows, batch by batch, to be gone on with."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from pydantic import Field, TypeAdapter
from sqlalchemy import Connection, Engine

from schemas.contact import Contact
from schemas.enrollment import Command
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from schemas.values import Facts, Moment, Value
from starter.enrolling.keys import key_for
from starter.lists.entries import Entry, Reading
from starter.lists.rows import BadRow
from starter.lists.saving import Taken, in_batches, in_one, saved_entries
from starter.watching import Watch, unwatched
from storage.entering import lists
from storage.entering.lists import Item, ListRow, NewList

_CHUNK = 1 << 20
_ANY: TypeAdapter[object] = TypeAdapter(object)


class Wish(Value):
    """What is to be done with a file: into which sequence, on what terms, its columns read how.

    `data` is what every row is given besides its own; `encoding` where it is not to be found out.
    """

    sequence: str
    mapping: dict[str, str] = Field(default_factory=dict)
    encoding: str | None = None
    version: str | None = None
    data: Facts = Field(default_factory=dict)
    at: Moment | None = None
    step: str | None = None
    paused: Command | None = None

    def terms(self) -> Facts:
        """Give what all enrollments of the list have in common, as JSON has it."""
        terms = {"version", "data", "at", "step", "paused"}
        return self.model_dump(mode="json", include=terms)


def fingerprint_of(path: Path, wish: Wish) -> str:
    """Give a mark of a file's content and of what is to be done with it.

    Raises OSError if it cannot be read.
    """
    mark = sha256(json.dumps(_ANY.dump_python(wish, mode="json"), sort_keys=True).encode())
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            mark.update(chunk)
    return mark.hexdigest()


def keep(engine: Engine, path: Path, wish: Wish, *, by: str, again: bool = False) -> ListRow:
    """Give the list that the same file and wish made before, else a new one.

    `again` makes a new one too where the one before is finished.
    """
    fingerprint = fingerprint_of(path, wish)
    new = NewList(
        fingerprint=fingerprint, sequence=wish.sequence, name=path.name, by=by, terms=wish.terms()
    )
    with engine.begin() as connection:
        known = lists.latest(connection, fingerprint)
        if known is None or (again and known.finished_wall is not None):
            return lists.create(connection, new)
        return known


async def upload(
    engine: Engine, kept: ListRow, reading: Reading, *, at: datetime, watch: Watch = unwatched
) -> None:
    """Save a list's contacts and rows, from where an earlier upload came to; `at` dates opt-outs.

    Contacts are created or changed, and whoever opted out is suppressed, together with their rows:
    a batch is there wholly or not at all.
    """
    with engine.connect() as connection:
        known = lists.last_line(connection, kept.id)
    done = 0
    for batch in in_batches(reading.entries()):
        rows = [one for _, one in batch if one.line > known]
        if rows:
            await asyncio.to_thread(_put, engine, kept, reading, rows, at)
        done += len(batch)
        watch(done, done)
    in_one(engine, lambda connection: lists.note(connection, kept.id, uploaded_wall=at))


def item_of(saved: Taken | BadRow, row: Entry, sequence: Sequence | None, kept: ListRow) -> Item:
    """Give the row of a list that comes of a saved entry: waiting, or refused for its key."""
    if isinstance(saved, BadRow):
        return _refused(saved)
    key = _key_of(row, saved.contact, sequence, kept.terms)
    if isinstance(key, Refused):
        return Item(line=row.line, state="refused", reason=key.reason)
    return Item(line=row.line, contact_id=saved.contact.id, key=key, data=row.read.data)


def _put(
    engine: Engine, kept: ListRow, reading: Reading, rows: list[Entry | BadRow], at: datetime
) -> None:
    def work(connection: Connection) -> None:
        entries = [one for one in rows if isinstance(one, Entry)]
        saved = saved_entries(connection, entries, at)
        pairs = zip(saved, entries, strict=True)
        refused = [_refused(one) for one in rows if isinstance(one, BadRow)]
        taken = [item_of(one, entry, reading.sequence, kept) for one, entry in pairs]
        lists.put(connection, kept.id, [*refused, *taken])

    in_one(engine, work)


def _refused(row: BadRow) -> Item:
    return Item(line=row.line, state="refused", reason=row.code)


def _key_of(
    entry: Entry, contact: Contact, sequence: Sequence | None, terms: Mapping[str, object]
) -> str | Refused | None:
    common = terms.get("data")
    data = {**(common if isinstance(common, dict) else {}), **entry.read.data}
    return None if sequence is None else key_for(sequence, entry.read.key, contact, data)
