"""Attributes of a contact given new values by a step, in columns of their own or among the rest."""

from pydantic import JsonValue
from sqlalchemy import ARRAY, Connection, Text, func, literal, update
from sqlalchemy.dialects.postgresql import JSONB

from schemas.contact import Contact
from schemas.values import Facts
from storage.people.contacts import contact_of
from storage.schema.tables import contacts

COLUMNS = ("first_name", "last_name", "company", "timezone")
"""The attributes that have a column of their own, all of text."""


def assign(connection: Connection, contact_id: str, values: Facts) -> Contact:
    """Give attributes of a contact new values; None takes one away. LookupError without it."""
    kept = {name: value for name, value in values.items() if name not in COLUMNS}
    added = literal({name: value for name, value in kept.items() if value is not None}, JSONB)
    taken = literal([name for name, value in kept.items() if value is None], ARRAY(Text))
    statement = (
        update(contacts)
        .where(contacts.c.id == contact_id)
        .values(
            attributes=contacts.c.attributes.op("||")(added).op("-")(taken),
            changed_wall=func.now(),
            **_columns(values),
        )
        .returning(contacts)
    )
    row = connection.execute(statement).mappings().first()
    if row is None:
        raise LookupError(f"There is no contact {contact_id}.")
    return contact_of(row)


def _columns(values: Facts) -> dict[str, str | None]:
    given = {name: _text(value) for name, value in values.items() if name in COLUMNS}
    if "company" in given:
        given["company_key"] = (given["company"] or "").strip().lower() or None
    return given


def _text(value: JsonValue) -> str | None:
    return None if value is None else str(value)
