"""Attributes set by a step."""

import pytest
from sqlalchemy import Connection, select

from storage.people import contacts
from storage.people.attributes import assign
from storage.schema.tables import contacts as table
from tests.storage.given import a_contact


def test_new_values_are_merged_and_none_takes_one_away(connection: Connection) -> None:
    ada = a_contact(connection)
    assign(connection, ada.id, {"engaged": True, "plan": "pro", "seats": 3})

    changed = assign(connection, ada.id, {"engaged": False, "plan": None})

    assert changed.attributes == {"engaged": False, "seats": 3}
    assert contacts.get(connection, ada.id) == changed


def test_built_in_attributes_have_columns_of_their_own(connection: Connection) -> None:
    ada = a_contact(connection)

    changed = assign(connection, ada.id, {"first_name": "Ada", "company": " Acme ", "role": "vp"})

    assert (changed.first_name, changed.company) == ("Ada", " Acme ")
    assert changed.attributes == {"role": "vp"}
    assert connection.scalars(select(table.c.company_key)).one() == "acme"


def test_none_takes_a_built_in_attribute_away(connection: Connection) -> None:
    ada = a_contact(connection)
    assign(connection, ada.id, {"company": "Acme"})

    assert assign(connection, ada.id, {"company": None}).company is None
    assert connection.scalars(select(table.c.company_key)).one() is None


def test_who_is_not_there_cannot_be_changed(connection: Connection) -> None:
    with pytest.raises(LookupError, match="There is no contact nobody"):
        assign(connection, "nobody", {"engaged": False})
