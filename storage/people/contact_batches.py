"""Many contacts created or changed at once, in a few statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import ARRAY, Connection, Text, bindparam, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from schemas.contact import Contact, NewContact
from schemas.values import Facts
from storage.people import identities
from storage.people.addresses import exact_key
from storage.people.contacts import contact_of, fields_of, find
from storage.schema.tables import contacts, enrollments


@dataclass(frozen=True)
class Known:
    """Contacts that are known by what new ones say, locked till the commit."""

    by_key: dict[str, Contact]
    by_address: dict[str, Contact]
    merged: frozenset[str]

    def match(self, new: NewContact) -> tuple[Contact | None, Contact | None]:
        """Give who has the new one's key, and who has its address."""
        by_key = self.by_key.get(new.external_key) if new.external_key else None
        return by_key, self.by_address.get(exact_key(new.email))

    def was_merged(self, new: NewContact) -> bool:
        """Tell whether the new one goes by a name of a contact that was merged into another."""
        return bool({new.external_key, exact_key(new.email)} & self.merged)


def find_all(connection: Connection, news: Iterable[NewContact]) -> Known:
    """Find and lock, in the order of their ids, all contacts that new ones may be."""
    wanted = list(news)
    keys = [new.external_key for new in wanted if new.external_key is not None]
    addresses = [exact_key(new.email) for new in wanted]
    found = (
        select(contacts)
        .where(
            or_(
                contacts.c.email_key == _any(addresses),
                contacts.c.external_key == _any(keys),
            )
        )
        .order_by(contacts.c.id)
        .with_for_update(key_share=True)
    )
    rows = [contact_of(row) for row in connection.execute(found).mappings()]
    return Known(
        by_key={one.external_key: one for one in rows if one.external_key is not None},
        by_address={exact_key(one.email): one for one in rows},
        merged=identities.merged_names(connection, {*addresses, *keys}),
    )


def named(connection: Connection, names: Iterable[str]) -> dict[str, Contact]:
    """Give the contacts that ids, keys or addresses name, by these, as `contacts.find` would."""
    asked = sorted(set(names))
    addresses = [exact_key(name) for name in asked]
    columns = (contacts.c.id, contacts.c.external_key)
    rules = (
        *(column == _any(asked) for column in columns),
        contacts.c.email_key == _any(addresses),
    )
    rows = connection.execute(select(contacts).where(or_(*rules))).mappings()
    people = [contact_of(row) for row in rows]
    by_name = {one.external_key: one for one in people if one.external_key is not None}
    by_name |= {one.id: one for one in people}
    by_address = {exact_key(one.email): one for one in people}
    found = {name: by_name.get(name) or by_address.get(exact_key(name)) for name in asked}
    late = {name: find(connection, name) for name, one in found.items() if one is None}
    return {name: one for name, one in {**found, **late}.items() if one is not None}


def create_all(connection: Connection, news: list[NewContact]) -> list[Contact | None]:
    """Create contacts; None for one whose address or key somebody else has got meanwhile."""
    if not news:
        return []
    made = [Contact(id=uuid4().hex, **_as_kept(new).model_dump()) for new in news]
    # In the order of what is unique, so that two who create the same do not wait in a circle.
    rows = sorted((_row(one) for one in made), key=lambda row: str(row["email_key"]))
    created = insert(contacts).on_conflict_do_nothing().returning(contacts.c.id)
    ids = set(connection.scalars(created, rows))
    return [one if one.id in ids else None for one in made]


def change_all(connection: Connection, changed: list[Contact]) -> None:
    """Write contacts, found and locked before, as they are to be from now on."""
    if not changed:
        return
    names = [name for name in _row(changed[0]) if name != "id"]
    statement = (
        update(contacts)
        .where(contacts.c.id == bindparam("known"))
        .values({name: bindparam(f"new_{name}") for name in names} | {"changed_wall": func.now()})
    )
    rows = [
        {"known": one.id, **{f"new_{name}": value for name, value in _row(one).items()}}
        for one in changed
    ]
    connection.execute(statement, rows)


def with_news(before: Contact, new: NewContact) -> Contact:
    """Give a contact as `new` changes it: what it leaves out stays, attributes are merged.

    A contact that has a key keeps it.
    """
    said = {name: getattr(new, name) for name in NewContact.model_fields}
    given = {name: value for name, value in said.items() if value is not None}
    if before.external_key is not None:
        given.pop("external_key", None)
    given["email"] = new.email.strip()
    given["attributes"] = {**before.attributes, **new.attributes}
    return before.model_copy(update=given)


def listening(connection: Connection, ids: list[str]) -> frozenset[str]:
    """Give those of the contacts that have an enrollment which is not closed."""
    found = select(enrollments.c.contact_id).where(
        enrollments.c.contact_id == _any(ids), enrollments.c.closed_wall.is_(None)
    )
    return frozenset(connection.scalars(found))


def _as_kept(new: NewContact) -> NewContact:
    return new.model_copy(update={"email": new.email.strip()})


def _row(contact: Contact) -> Facts:
    row = dict.fromkeys(_COLUMNS)
    return {**row, "id": contact.id, "attributes": contact.attributes, **fields_of(contact)}


def _any(values: list[str]) -> object:
    return func.any(literal(values, ARRAY(Text)))


_COLUMNS = (
    *("id", "external_key", "email", "email_key", "email_canonical", "email_domain"),
    *("first_name", "last_name", "company", "company_key", "timezone"),
    *("owner_email", "owner_name", "attributes"),
)
