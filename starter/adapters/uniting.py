"""What another system calls one contact is one here, under all the keys that it had over there."""

from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from schemas.contact import Contact
from schemas.values import Value
from starter.incoming.changes import follow
from starter.incoming.merging import Merged, Merger, merge_contacts
from storage.people import contacts, identities
from storage.people.contacts import Saved


class Same(Value):
    """Another system's word that its contacts of the keys `others` are the one of the key `keep`.

    `new_key` is by what it knows that one from then on, if not by `keep`.
    """

    keep: str
    others: tuple[str, ...]
    new_key: str | None = None
    by: str
    at: datetime

    @property
    def key(self) -> str:
        """By what the one is known over there."""
        return self.new_key or self.keep

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key of the one, that of whom to keep first."""
        return tuple(dict.fromkeys((self.keep, self.key, *self.others)))


class United(Value):
    """All are the one contact now; how many were merged into it, and whether anything is new."""

    contact: str
    merged: int
    new: bool


def unite(engine: Engine, same: Same) -> United | None:
    """Merge whoever is known by one of the keys, and let every key name who is kept.

    That is the first known. None if nobody is known by any of the keys: then nothing is done. Each
    merge is a transaction, and so are the keys; a repeat does what is not done yet.
    """
    with engine.connect() as connection:
        found = (contacts.find(connection, key) for key in same.keys)
        people = list(dict.fromkeys(one.id for one in found if one is not None))
    if not people:
        return None
    kept, others = people[0], people[1:]
    merged = sum(_merge(engine, kept, other, same) for other in others)
    try:
        with engine.begin() as connection:
            is_named_anew = _name(connection, kept, same)
    except IntegrityError:
        # Somebody got the key just now: they are one of them, too.
        return unite(engine, same)
    return United(contact=kept, merged=merged, new=merged > 0 or is_named_anew)


def _merge(engine: Engine, kept: str, other: str, same: Same) -> bool:
    wanted = Merger(keep=kept, other=other, by=same.by, at=same.at)
    answer = merge_contacts(engine, wanted)
    return isinstance(answer, Merged) and answer.new


def _name(connection: Connection, kept: str, same: Same) -> bool:
    before = contacts.lock(connection, kept)
    if before is None:
        raise LookupError(f"There is no contact {kept}.")
    after = before
    if _is_known_there_alone(before, same):
        after = identities.take_key(connection, before, same.key, same.by, same.at)
    unknown = [key for key in same.keys if contacts.find(connection, key) is None]
    for key in unknown:
        identities.keep_key(connection, key, after.id, same.by, same.at)
    follow(connection, before, Saved(after, created=False), same.at, unknown)
    return bool(unknown) or after != before


def _is_known_there_alone(contact: Contact, same: Same) -> bool:
    """Tell whether its key is one over there that is none any more, or it has none."""
    return contact.external_key is None or contact.external_key in {*same.keys} - {same.key}
