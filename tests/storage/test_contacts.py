"""Contacts: one person, one row, whatever comes in about them."""

from functools import partial

import pytest
from sqlalchemy import Connection, Engine

from schemas.contact import Contact, NewContact
from schemas.suppression import Reason
from storage.people import contact_batches, contacts, suppressions
from storage.people.contacts import AddressTaken, Saved
from tests.storage.given import ADA, a_contact, a_suppression, kept
from tests.storage.rivals import Rivals


def test_a_new_contact_is_kept_whole(connection: Connection) -> None:
    saved = contacts.save(connection, ADA)

    assert isinstance(saved, Saved)
    assert saved.created
    assert contacts.get(connection, saved.contact.id) == saved.contact
    assert saved.contact == Contact(
        id=saved.contact.id, **ADA.model_copy(update={"email": "Ada@Example.com"}).model_dump()
    )


def test_the_same_key_is_the_same_contact_under_a_new_address(connection: Connection) -> None:
    ada = kept(connection, ADA)

    moved = contacts.save(connection, NewContact(email="ada@new.example.com", external_key="crm-7"))

    assert isinstance(moved, Saved)
    assert not moved.created
    assert moved.contact == ada.model_copy(update={"email": "ada@new.example.com"})


def test_the_same_address_in_other_letters_is_the_same_contact(connection: Connection) -> None:
    ada = kept(connection, ADA)

    again = contacts.save(connection, NewContact(email="ADA@EXAMPLE.COM"))

    assert isinstance(again, Saved)
    assert not again.created
    assert again.contact.id == ada.id


def test_many_are_found_by_the_names_by_which_each_is(connection: Connection) -> None:
    ada = kept(connection, ADA)
    bob = kept(connection, NewContact(email="bob@example.com", external_key="CRM-8"))
    eve = kept(connection, NewContact(email="crm-8@example.com", external_key=bob.id))
    names = [ada.id, "crm-7", "CRM-7", "crm-8", "CRM-8", "ADA@example.com", bob.id, eve.email, "x"]

    found = contact_batches.named(connection, names)

    each = {name: contacts.find(connection, name) for name in names}
    assert found == {name: one for name, one in each.items() if one is not None}
    assert found[bob.id] == bob


def test_contacts_without_a_key_are_as_many_as_their_addresses(connection: Connection) -> None:
    ids = {a_contact(connection, f"{name}@example.com").id for name in ("ada", "bob", "eve")}

    assert len(ids) == 3


def test_what_is_left_out_stays_and_attributes_are_merged(connection: Connection) -> None:
    ada = kept(connection, ADA)

    changed = kept(connection, NewContact(email=ada.email, last_name="L", attributes={"seats": 13}))

    assert (changed.first_name, changed.last_name) == ("Ada", "L")
    assert changed.owner == ADA.owner
    assert changed.attributes == {"role": "vp", "seats": 13}


def test_a_contact_keeps_its_key_when_another_key_comes_with_its_address(
    connection: Connection,
) -> None:
    kept(connection, ADA)

    again = kept(connection, NewContact(email="ada@example.com", external_key="crm-8"))

    assert again.external_key == "crm-7"


def test_a_contact_without_a_key_takes_the_first_one(connection: Connection) -> None:
    a_contact(connection)

    keyed = kept(connection, ADA)

    assert keyed.external_key == "crm-7"


def test_the_address_of_another_contact_is_not_taken_away(connection: Connection) -> None:
    ada, bob = kept(connection, ADA), a_contact(connection, "bob@example.com")

    taken = contacts.save(connection, NewContact(email="bob@example.com", external_key="crm-7"))

    assert taken == AddressTaken(by=bob.id)
    assert contacts.get(connection, ada.id) == ada


def test_the_key_of_another_contact_is_not_taken_away(connection: Connection) -> None:
    ada, bob = kept(connection, ADA), a_contact(connection, "bob@example.com")

    taken = contacts.change(
        connection, bob.id, NewContact(email="bob@example.com", external_key="crm-7")
    )

    assert taken == AddressTaken(by=ada.id)


def test_of_two_changes_to_one_address_at_once_one_is_taken(engine: Engine, rivals: Rivals) -> None:
    with engine.begin() as connection:
        ada, bob = a_contact(connection), a_contact(connection, "bob@example.com")
    moved = NewContact(email="new@example.com")

    with engine.begin() as connection:
        contacts.change(connection, ada.id, moved)
        rival = rivals.start_blocked(partial(contacts.change, contact_id=bob.id, new=moved))

    assert rival.result() == AddressTaken(by=ada.id)


@pytest.mark.parametrize("ref", ["crm-7", "ada@example.com", "ADA@example.com "])
def test_a_contact_is_found_by_key_and_address(connection: Connection, ref: str) -> None:
    ada = kept(connection, ADA)

    assert contacts.find(connection, ref) == ada


def test_a_contact_is_found_by_its_id_before_another_ones_key(connection: Connection) -> None:
    ada = a_contact(connection)
    kept(connection, NewContact(email="bob@example.com", external_key=ada.id))

    assert contacts.find(connection, ada.id) == ada


def test_nobody_is_found_by_an_unknown_name(connection: Connection) -> None:
    assert contacts.find(connection, "nobody@example.com") is None
    assert contacts.get(connection, "nobody") is None


def test_changing_an_unknown_contact_is_a_bug(connection: Connection) -> None:
    with pytest.raises(LookupError):
        contacts.change(connection, "nobody", ADA)


@pytest.mark.parametrize("reason", [Reason.UNSUBSCRIBED, Reason.COMPLAINED, Reason.BLOCKED])
def test_what_stands_against_the_person_goes_along_to_a_new_address(
    connection: Connection, reason: Reason
) -> None:
    ada = kept(connection, ADA)
    suppressions.suppress(connection, a_suppression(ada.email, reason))

    contacts.change(connection, ada.id, NewContact(email="ada@new.example.com"))

    for email in ("ada@new.example.com", "ada@example.com"):
        assert suppressions.applying(connection, email, transactional=False, topic=None) == reason


@pytest.mark.parametrize("reason", [Reason.BOUNCED, Reason.LEFT_COMPANY])
def test_what_is_wrong_with_the_old_mailbox_stays_with_it(
    connection: Connection, reason: Reason
) -> None:
    ada = kept(connection, ADA)
    suppressions.suppress(connection, a_suppression(ada.email, reason))

    contacts.change(connection, ada.id, NewContact(email="ada@new.example.com"))

    new = suppressions.applying(connection, "ada@new.example.com", transactional=False, topic=None)
    assert new is None


def test_of_two_savings_at_once_one_creates(engine: Engine, rivals: Rivals) -> None:
    with engine.begin() as connection:
        first = contacts.save(connection, ADA)
        rival = rivals.start_blocked(partial(contacts.save, new=ADA))

    second = rival.result()
    assert isinstance(first, Saved)
    assert second == Saved(first.contact, created=False)
