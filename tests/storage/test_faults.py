"""Database errors and what they may tell."""

import traceback

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from storage.faults import hide_values
from storage.schema.tables import contacts

_ROW = {
    "email": "ada@example.com",
    "email_key": "ada@example.com",
    "email_canonical": "ada@example.com",
    "email_domain": "example.com",
    "attributes": {},
}


@pytest.mark.parametrize(
    ("second", "constraint"),
    [
        ({}, "contacts_email_key_key"),
        ({"email_key": "bob", "owner_email": "sam@example.com"}, "contacts_owner_check"),
        ({"email_key": None}, "email_key"),
    ],
)
def test_an_error_names_the_constraint_and_nobody(
    engine: Engine, second: dict[str, str | None], constraint: str
) -> None:
    hide_values(engine)

    with engine.connect() as connection:
        connection.execute(insert(contacts).values(id="one", **_ROW))
        with pytest.raises(IntegrityError) as raised:
            connection.execute(insert(contacts).values(id="two", **(_ROW | second)))

    told = "".join(traceback.format_exception(raised.value))
    assert constraint in told
    assert "example.com" not in told
