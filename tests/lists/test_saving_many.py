"""Saving many contacts at once comes to what saving them one by one does."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, delete, select

from schemas.contact import Contact, NewContact
from starter.incoming.changes import saved_contact
from starter.incoming.many_changes import saved_contacts
from storage.people.contacts import AddressTaken, Saved, contact_of
from storage.schema.tables import contacts

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

PEOPLE = some.builds(
    NewContact,
    email=some.sampled_from(["ada@a.example", "Ada@A.example", "bo@b.example", "cy@c.example"]),
    external_key=some.sampled_from([None, "1", "2", "3"]),
    first_name=some.sampled_from([None, "Ada", "Bo"]),
    company=some.sampled_from([None, "Acme", "ACME "]),
    attributes=some.dictionaries(some.sampled_from(["role", "plan"]), some.integers(0, 2)),
)


def outcome(saved: Saved | AddressTaken) -> tuple[bool, Contact] | None:
    if isinstance(saved, AddressTaken):
        return None
    return saved.created, saved.contact.model_copy(update={"id": ""})


def kept(engine: Engine) -> list[Contact]:
    with engine.connect() as connection:
        rows = connection.execute(select(contacts).order_by(contacts.c.email_key)).mappings()
        return [contact_of(row).model_copy(update={"id": ""}) for row in rows]


def emptied(engine: Engine, before: list[NewContact]) -> None:
    with engine.begin() as connection:
        connection.execute(delete(contacts))
        for one in before:
            saved_contact(connection, one, AT)


@given(before=some.lists(PEOPLE, max_size=3), news=some.lists(PEOPLE, max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_at_once_come_to_the_same_as_one_by_one(
    engine: Engine, before: list[NewContact], news: list[NewContact]
) -> None:
    emptied(engine, before)
    with engine.begin() as connection:
        singly = [outcome(saved_contact(connection, one, AT)) for one in news]
    expected = kept(engine)

    emptied(engine, before)
    with engine.begin() as connection:
        at_once = [outcome(one) for one in saved_contacts(connection, news, AT)]

    assert kept(engine) == expected
    assert at_once == singly
