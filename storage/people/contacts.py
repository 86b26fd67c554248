"""Contacts: found by our id, the customer's key or the address, one's own or a merged one's."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import (
    Connection,
    RowMapping,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import IntegrityError

from schemas.contact import Contact, NewContact
from schemas.content import Mailbox
from schemas.values import Facts, Value
from storage.people import identities, suppressions
from storage.people.addresses import canonical_key, domain_of, exact_key
from storage.people.matches import Match, match_of
from storage.schema.tables import contacts

_PLAIN = ("external_key", "first_name", "last_name", "company", "timezone")
_LONGEST_KEY = 200


class Saved(NamedTuple):
    """A contact as it is now, and whether it is a new one."""

    contact: Contact
    created: bool


class AddressTaken(Value):
    """Nothing was saved: the address, or the key, is that of the other contact `by`."""

    by: str


def save(connection: Connection, new: NewContact) -> Saved | AddressTaken:
    """Create a contact, or change the one with its key, else with its address.

    What `new` leaves out stays as it was; attributes are merged; a contact that has a key keeps
    it. A new address keeps the contact's id. Found by what a merged one was called, the contact
    keeps its own address, too.
    """
    match = match_of(connection, new)
    if match is not None:
        known = _as_known(connection, match, new)
        changed = change(connection, match.id, known)
        return Saved(changed, created=False) if isinstance(changed, Contact) else changed
    created = _create(connection, new)
    return save(connection, new) if created is None else Saved(created, created=True)


def change(connection: Connection, contact_id: str, new: NewContact) -> Contact | AddressTaken:
    """Change what `new` says of a contact; LookupError if there is none.

    With a new address goes what stood against the person under the old one (language rule 33).
    Named by what a merged one was called, it keeps its own.
    """
    before = lock(connection, contact_id)
    if before is None:
        raise LookupError(f"There is no contact {contact_id}.")
    if before.id != contact_id:
        new = new.model_copy(update={"email": before.email})
    holder = match_of(connection, new, but=before)
    if holder is not None:
        return AddressTaken(by=holder.id)
    try:
        with connection.begin_nested():
            changed = _changed(connection, before, new)
    except IntegrityError:
        return change(connection, contact_id, new)
    if exact_key(before.email) != exact_key(new.email):
        suppressions.carry(connection, old=before.email, new=new.email)
    return changed


def get(connection: Connection, contact_id: str) -> Contact | None:
    """Give the contact with our id, its own or that of one merged into it."""
    found = select(contacts).where(contacts.c.id == contact_id)
    row = connection.execute(found).mappings().first()
    if row is not None:
        return contact_of(row)
    current = identities.current_id(connection, contact_id)
    return None if current is None else get(connection, current)


def lock(connection: Connection, contact_id: str) -> Contact | None:
    """Give the contact, and let nothing of it be claimed or suppressed till the commit."""
    found = select(contacts).where(contacts.c.id == contact_id).with_for_update(key_share=True)
    row = connection.execute(found).mappings().first()
    if row is not None:
        return contact_of(row)
    current = identities.current_id(connection, contact_id)
    return None if current is None else lock(connection, current)


def lock_all(
    connection: Connection,
    ids: Collection[str],
    emails: Collection[str] = (),
    *,
    for_good: bool = False,
) -> frozenset[str]:
    """Lock contacts, and whoever has one of the mailboxes `emails`, in the order of their ids.

    Whoever locks several contacts does it so, all at once: then nobody waits in a circle. Gives
    the ids of the locked: one that was merged in the meantime is not among them. With `for_good`
    nothing can be put on record of them either, so that they can go.
    """
    keys = [canonical_key(email) for email in emails]
    found = (
        select(contacts.c.id)
        .where(or_(contacts.c.id.in_(ids), contacts.c.email_canonical.in_(keys)))
        .order_by(contacts.c.id)
        .with_for_update(key_share=not for_good)
    )
    return frozenset(connection.scalars(found))


def find(connection: Connection, ref: str) -> Contact | None:
    """Give the contact that our id, the customer's key or an address names, tried in this order.

    What names nobody any more may have named one that was merged.
    """
    found = (
        select(contacts)
        .where(
            or_(
                contacts.c.id == ref,
                contacts.c.external_key == ref,
                contacts.c.email_key == exact_key(ref),
            )
        )
        .order_by(
            (contacts.c.id == ref).desc(), (contacts.c.external_key == ref).desc().nulls_last()
        )
        .limit(1)
    )
    row = connection.execute(found).mappings().first()
    if row is not None:
        return contact_of(row)
    former = identities.formerly(connection, ref)
    return None if former is None else get(connection, former)


def every_id(connection: Connection) -> list[str]:
    """Give the ids of all contacts, the oldest first."""
    return list(connection.scalars(select(contacts.c.id).order_by(contacts.c.created_wall)))


def company_key(company: str) -> str | None:
    """Give the name by which a company's people are known as colleagues: case and space aside."""
    return " ".join(company.casefold().split())[:_LONGEST_KEY] or None


def remove(connection: Connection, contact_id: str) -> None:
    """Remove a contact of which nothing else is on record."""
    connection.execute(delete(contacts).where(contacts.c.id == contact_id))


def contact_of(row: RowMapping) -> Contact:
    """Give a row of contacts its shape."""
    owner = None
    if row["owner_email"] is not None:
        owner = Mailbox(email=row["owner_email"], name=row["owner_name"])
    return Contact(
        id=row["id"],
        email=row["email"],
        owner=owner,
        attributes=row["attributes"],
        **{name: row[name] for name in _PLAIN},
    )


def fields_of(new: NewContact) -> Facts:
    """Give the columns that a contact fills, but for its attributes; not those it leaves out."""
    plain = {name: getattr(new, name) for name in _PLAIN}
    address: Facts = {
        "email": new.email.strip(),
        "email_key": exact_key(new.email),
        "email_canonical": canonical_key(new.email),
        "email_domain": domain_of(new.email),
    }
    if new.company is not None:
        address |= {"company_key": company_key(new.company)}
    if new.owner is not None:
        address |= {"owner_email": new.owner.email, "owner_name": new.owner.name}
    return address | {name: value for name, value in plain.items() if value is not None}


def _as_known(connection: Connection, match: Match, new: NewContact) -> NewContact:
    known = get(connection, match.id) if match.is_former else None
    return new if known is None else new.model_copy(update={"email": known.email})


def _create(connection: Connection, new: NewContact) -> Contact | None:
    row = connection.execute(
        insert(contacts)
        .values(id=uuid4().hex, attributes=new.attributes, **fields_of(new))
        .on_conflict_do_nothing()
        .returning(contacts)
    )
    created = row.mappings().first()
    if created is None:
        return None
    # It may have waited for a merge to let go of the key or the address.
    if identities.formerly_by(connection, key=new.external_key, email=new.email) is not None:
        remove(connection, created["id"])
        return None
    return contact_of(created)


def _changed(connection: Connection, before: Contact, new: NewContact) -> Contact:
    given = fields_of(new)
    if before.external_key is not None:
        given.pop("external_key", None)
    statement = (
        update(contacts)
        .where(contacts.c.id == before.id)
        .values(
            attributes=contacts.c.attributes.op("||")(literal(new.attributes, JSONB)),
            changed_wall=func.now(),
            **given,
        )
        .returning(contacts)
    )
    return contact_of(connection.execute(statement).mappings().one())
