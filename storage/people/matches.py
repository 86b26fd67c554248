"""Which contact something that comes in is about: by its key, else by its address."""

from typing import NamedTuple

from sqlalchemy import Connection, case, false, or_, select

from schemas.contact import Contact, NewContact
from storage.people import identities
from storage.people.addresses import exact_key
from storage.schema.tables import contacts


class Match(NamedTuple):
    """A contact's id, and whether it was found by what one merged into it was called."""

    id: str
    is_former: bool = False


def match_of(
    connection: Connection, new: NewContact, *, but: Contact | None = None
) -> Match | None:
    """Give the contact with the key, else the address, of `new`; with `but`, another than that.

    Of each, what is somebody's own goes before what was that of one merged.
    """
    key = new.external_key if but is None or but.external_key is None else None
    own, is_address = _own_match(connection, new, key, but)
    if own is not None and (key is None or not is_address):
        return Match(own)
    spared = None if but is None else but.id
    email = new.email if own is None else None
    former = identities.formerly_by(connection, key=key, email=email, but=spared)
    if former is not None:
        return Match(former, is_former=True)
    return None if own is None else Match(own)


def _own_match(
    connection: Connection, new: NewContact, key: str | None, but: Contact | None
) -> tuple[str | None, bool]:
    by_key = false() if key is None else contacts.c.external_key == key
    by_address = contacts.c.email_key == exact_key(new.email)
    ranked = case((by_key, 0), else_=1).label("rank")
    found = select(contacts.c.id, ranked).where(or_(by_key, by_address)).order_by(ranked).limit(1)
    row = connection.execute(found if but is None else found.where(contacts.c.id != but.id)).first()
    return (None, False) if row is None else (row.id, row.rank == 1)
