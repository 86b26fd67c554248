"""A person moves from one address to another, and stays the same contact (language rule 33)."""

import pytest
from sqlalchemy import Connection

from schemas.contact import Contact, NewContact
from schemas.suppression import Reason
from storage.people import contacts, suppressions
from storage.people.contacts import AddressTaken
from tests.storage.given import a_suppression, an_enrollment, kept

OLD, NEW = "ada@example.com", "ada@new.example"


def moved(connection: Connection, key: str, email: str) -> Contact | AddressTaken:
    saved = contacts.save(connection, NewContact(email=email, external_key=key))
    return saved if isinstance(saved, AddressTaken) else saved.contact


def test_two_contacts_cannot_swap_addresses_in_one_step(connection: Connection) -> None:
    kept(connection, NewContact(email=OLD, external_key="1"))
    bob = kept(connection, NewContact(email=NEW, external_key="2"))

    assert moved(connection, "1", NEW) == AddressTaken(by=bob.id)
    assert contacts.get(connection, bob.id) == bob


def test_they_can_by_way_of_a_third_and_keep_their_ids(connection: Connection) -> None:
    ada = kept(connection, NewContact(email=OLD, external_key="1"))
    bob = kept(connection, NewContact(email=NEW, external_key="2"))

    moved(connection, "1", "for-a-moment@example.com")
    moved(connection, "2", OLD)
    moved(connection, "1", NEW)

    for contact, email in ((ada, NEW), (bob, OLD)):
        found = contacts.find(connection, email)
        assert found is not None
        assert found.id == contact.id


def test_a_swapped_opt_out_holds_for_the_person_and_for_the_address(
    connection: Connection,
) -> None:
    kept(connection, NewContact(email=OLD, external_key="1"))
    kept(connection, NewContact(email=NEW, external_key="2"))
    suppressions.suppress(connection, a_suppression(OLD))

    moved(connection, "1", "for-a-moment@example.com")
    moved(connection, "2", OLD)
    moved(connection, "1", NEW)

    for email in (OLD, NEW):
        assert [one.reason for one in suppressions.standing(connection, email)] == [
            Reason.UNSUBSCRIBED
        ]


def test_an_opt_out_under_the_new_address_is_not_lost_by_moving_back(
    connection: Connection,
) -> None:
    kept(connection, NewContact(email=OLD, external_key="1"))
    moved(connection, "1", NEW)
    suppressions.suppress(connection, a_suppression(NEW))

    back = moved(connection, "1", OLD)

    assert isinstance(back, Contact)
    assert back.email == OLD
    assert suppressions.standing(connection, OLD) != []


@pytest.mark.parametrize(
    ("before", "after"),
    [(OLD, "ADA@Example.COM"), ("ada@bücher.example", "ada@XN--BCHER-KVA.example")],
)
def test_the_same_address_written_otherwise_is_no_change_of_address(
    connection: Connection, before: str, after: str
) -> None:
    ada = kept(connection, NewContact(email=before, external_key="1"))
    suppressions.suppress(connection, a_suppression(before, Reason.BOUNCED))

    again = moved(connection, "1", after)

    assert isinstance(again, Contact)
    assert again.id == ada.id
    assert len(suppressions.standing(connection, before)) == 1
    assert contacts.find(connection, before) == contacts.find(connection, after) == again


def test_enrollments_go_along_and_the_old_address_is_free_for_others(
    connection: Connection,
) -> None:
    row = an_enrollment(connection, OLD)
    kept(connection, NewContact(email=OLD, external_key="1"))
    moved(connection, "1", NEW)

    other = kept(connection, NewContact(email=OLD))

    found = contacts.find(connection, NEW)
    assert found is not None
    assert found.id == row.contact_id != other.id
