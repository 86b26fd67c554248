"""Colleagues: contacts that share a company; contacts that are locked together."""

from functools import partial

import pytest
from sqlalchemy import Connection, Engine, select

from schemas.contact import Contact, NewContact
from storage.people import contacts
from storage.schema import tables
from tests.storage.given import a_contact, kept
from tests.storage.rivals import Rivals


def _company_key(connection: Connection, contact: Contact) -> str | None:
    found = select(tables.contacts.c.company_key).where(tables.contacts.c.id == contact.id)
    return connection.scalar(found)


@pytest.mark.parametrize(
    ("company", "key"),
    [
        ("  Acme \t Freight ", "acme freight"),
        ("STRASSE AG", "strasse ag"),
        ("Straße AG", "strasse ag"),
        ("   ", None),
        (None, None),
        ("x" * 5000, "x" * 200),
    ],
    ids=["space", "capitals", "sharp-s", "blank", "none", "long"],
)
def test_a_companys_people_are_known_by_its_name_case_and_space_aside(
    connection: Connection, company: str | None, key: str | None
) -> None:
    created = kept(connection, NewContact(email="ada@example.com", company=company))

    assert _company_key(connection, created) == key


def test_a_change_of_company_makes_others_colleagues_and_no_word_of_it_does_not(
    connection: Connection,
) -> None:
    ada = kept(connection, NewContact(email="ada@example.com", company="Acme"))

    moved = kept(connection, NewContact(email="ada@example.com", company="Summit Tools"))
    before = _company_key(connection, moved)
    kept(connection, NewContact(email="ada@example.com", first_name="Ada"))

    assert before == _company_key(connection, ada) == "summit tools"


def test_an_empty_company_leaves_no_colleagues(connection: Connection) -> None:
    ada = kept(connection, NewContact(email="ada@example.com", company="Acme"))

    kept(connection, NewContact(email="ada@example.com", company=" "))

    assert _company_key(connection, ada) is None


def test_contacts_that_are_locked_together_are_locked_in_one_order(
    engine: Engine, rivals: Rivals
) -> None:
    with engine.begin() as connection:
        ids = [a_contact(connection, f"p{number}@example.com").id for number in range(30)]

    both = [
        rivals.start(partial(contacts.lock_all, ids=order))
        for order in [ids, ids[::-1], ids[10:] + ids[:10]] * 4
    ]

    assert [one.result() for one in both] == [frozenset(ids)] * 12


def test_whoever_shares_a_mailbox_is_locked_with_it(engine: Engine, rivals: Rivals) -> None:
    with engine.begin() as connection:
        ada = a_contact(connection, "ada+news@gmail.com")
        bob = a_contact(connection, "bob@example.com")

    with engine.begin() as connection:
        contacts.lock_all(connection, [bob.id], ["a.da@gmail.com"])
        waiting = rivals.start_blocked(partial(contacts.lock, contact_id=ada.id))

    assert waiting.result() == ada
