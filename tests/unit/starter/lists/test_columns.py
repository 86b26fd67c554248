"""What the columns of a CRM's export say about a contact."""

import pytest

from schemas.contact import NewContact
from schemas.content import Mailbox
from schemas.suppression import Reason
from starter.lists.columns import Read, Unread, field_names, read_contact

HUBSPOT = (
    *("Record ID", "First Name", "Last Name", "Email", "Company Name", "Job Title"),
    *("Time Zone", "Country/Region", "Lifecycle Stage", "Contact owner"),
)
ADA = (
    *("5101", "Ada", "Ng", "ada@acme.example", "Acme", "VP Operations"),
    *("America/New_York", "US", "lead", "Kim Lee (kim@us.example)"),
)


def read(mapping: dict[str, str] | None, **fields: str) -> Read | Unread:
    header = tuple(fields)
    return read_contact(field_names(header, mapping or {}), tuple(fields.values()))


def contact_of(**fields: str) -> NewContact:
    found = read(None, **{"email": "ada@acme.example", **fields})
    assert isinstance(found, Read)
    return found.contact


def test_a_hubspot_export_is_understood_as_it_is() -> None:
    found = read_contact(field_names(HUBSPOT, {}), ADA)

    assert found == Read(
        contact=NewContact(
            email="ada@acme.example",
            external_key="5101",
            first_name="Ada",
            last_name="Ng",
            company="Acme",
            timezone="America/New_York",
            owner=Mailbox(email="kim@us.example", name="Kim Lee"),
            attributes={"job_title": "VP Operations", "country": "US", "lifecycle_stage": "lead"},
        )
    )


@pytest.mark.parametrize("written", ["America/New York", "america_slash_new_york"])
def test_a_time_zone_is_read_however_a_crm_writes_it(written: str) -> None:
    assert contact_of(timezone=written).timezone == "America/New_York"


def test_an_unknown_time_zone_counts_as_none_and_is_noted() -> None:
    found = read(None, email="ada@acme.example", timezone="Middle Earth")

    assert isinstance(found, Read)
    assert found.zone_unknown
    assert found.contact.timezone is None


@pytest.mark.parametrize("answer", ["true", "Yes", "1"])
def test_who_opted_out_in_the_crm_is_known_as_such(answer: str) -> None:
    found = read_contact(("email", "opted_out"), ("ada@acme.example", answer))

    assert isinstance(found, Read)
    assert found.opted_out is Reason.UNSUBSCRIBED


def test_an_owner_without_an_address_is_kept_as_an_attribute() -> None:
    contact = contact_of(owner="Kim Lee")

    assert contact.owner is None
    assert contact.attributes == {"owner": "Kim Lee"}


def test_an_owner_in_two_columns_is_one_mailbox() -> None:
    contact = contact_of(owner="Kim Lee", owner_email="kim@us.example")

    assert contact.owner == Mailbox(email="kim@us.example", name="Kim Lee")


def test_a_mapping_of_ones_own_goes_first() -> None:
    found = read({"Mail": "email", "Plan": "tier"}, Mail="ada@acme.example", Plan="pro")

    assert isinstance(found, Read)
    assert found.contact.attributes == {"tier": "pro"}


@pytest.mark.parametrize(
    "address",
    [
        "ada",
        "ada@",
        "ada@@acme.example",
        "a da@acme.example",
        "ada@acme",
        f"{'a' * 65}@acme.example",
    ],
)
def test_a_malformed_address_is_refused_without_being_quoted(address: str) -> None:
    reason = read(None, email=address)

    assert isinstance(reason, Unread)
    assert reason.reason.startswith("its email address is malformed: ")
    assert address not in reason.reason


def test_a_row_without_an_address_is_refused() -> None:
    assert read(None, email="", first_name="Ada") == Unread(
        code="no_address", reason="it has no email address"
    )


def test_of_two_columns_for_one_field_the_second_is_an_attribute() -> None:
    names = field_names(("Email", "Company Name", "Associated Company"), {})

    assert names == ("email", "company", "associated_company")
