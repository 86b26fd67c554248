"""What CRMs and shops export is understood without a word about its columns."""

import pytest

from schemas.contact import NewContact
from schemas.content import Mailbox
from schemas.suppression import Reason
from starter.lists.columns import Read, field_names, read_contact

HUBSPOT = {
    "Record ID": "5101",
    "First Name": "Ada",
    "Last Name": "Ng",
    "Email": "ada@acme.example",
    "Contact owner": "Kim Lee (kim@us.example)",
    "Associated Company": "Acme",
    "Country/Region": "US",
    "Unsubscribed from all email": "",
}
SALESFORCE = {
    "Contact ID": "5101",
    "First Name": "Ada",
    "Last Name": "Ng",
    "Account Name": "Acme",
    "Email": "ada@acme.example",
    "Contact Owner": "Kim Lee <kim@us.example>",
    "Mailing Country": "US",
    "Email Opt Out": "0",
}
DATA_LOADER = {
    "Id": "5101",
    "FirstName": "Ada",
    "LastName": "Ng",
    "Email": "ada@acme.example",
    "Account Name": "Acme",
    "Owner Name": "Kim Lee",
    "Owner Email": "kim@us.example",
    "MailingCountry": "US",
    "HasOptedOutOfEmail": "false",
}
PIPEDRIVE = {
    "Person - ID": "5101",
    "Person - First name": "Ada",
    "Person - Last name": "Ng",
    "Person - Email - Work": "",
    "Person - Email - Home": "ada@acme.example",
    "Person - Organization": "Acme",
    "Person - Owner": "Kim Lee <kim@us.example>",
    "Person - Marketing status": "Subscribed",
    "Country": "US",
}
SHOPIFY = {
    "Customer ID": "'5101",
    "First Name": "Ada",
    "Last Name": "Ng",
    "Email": "ada@acme.example",
    "Accepts Email Marketing": "yes",
    "Default Address Company": "Acme",
    "Default Address Country Code": "US",
    "Owner Name": "Kim Lee",
    "Owner Email": "kim@us.example",
}
MAILCHIMP = {
    "Email Address": "ada@acme.example",
    "First Name": "Ada",
    "Last Name": "Ng",
    "Company": "Acme",
    "MEMBER_RATING": "",
    "OPTIN_TIME": "",
    "CC": "US",
    "LEID": "",
    "External Key": "5101",
    "Owner": "Kim Lee <kim@us.example>",
}
ADA = NewContact(
    email="ada@acme.example",
    external_key="5101",
    first_name="Ada",
    last_name="Ng",
    company="Acme",
    owner=Mailbox(email="kim@us.example", name="Kim Lee"),
    attributes={"country": "US"},
)


def read(row: dict[str, str], **more: str) -> Read:
    whole = {**row, **more}
    found = read_contact(field_names(tuple(whole), {}), tuple(whole.values()))
    assert isinstance(found, Read)
    return found


@pytest.mark.parametrize("row", [HUBSPOT, SALESFORCE, DATA_LOADER, PIPEDRIVE, SHOPIFY, MAILCHIMP])
def test_an_export_is_understood_as_it_is(row: dict[str, str]) -> None:
    found = read(row)

    assert found.contact == ADA
    assert found.opted_out is None


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        (HUBSPOT, "Unsubscribed from all email", "true", Reason.UNSUBSCRIBED),
        (HUBSPOT, "Email hard bounce reason", "UNKNOWN_USER", Reason.BOUNCED),
        (SALESFORCE, "Email Opt Out", "1", Reason.UNSUBSCRIBED),
        (DATA_LOADER, "HasOptedOutOfEmail", "true", Reason.UNSUBSCRIBED),
        (DATA_LOADER, "EmailBouncedReason", "550 no such user", Reason.BOUNCED),
        (PIPEDRIVE, "Person - Marketing status", "Unsubscribed", Reason.UNSUBSCRIBED),
        (PIPEDRIVE, "Person - Marketing status", "No consent", Reason.UNSUBSCRIBED),
        (SHOPIFY, "Accepts Email Marketing", "no", Reason.UNSUBSCRIBED),
        (MAILCHIMP, "UNSUB_TIME", "2026-01-02 10:00:00", Reason.UNSUBSCRIBED),
        (MAILCHIMP, "CLEAN_TIME", "2026-01-02 10:00:00", Reason.BOUNCED),
    ],
)
def test_a_no_of_elsewhere_is_a_no_here(
    row: dict[str, str], column: str, value: str, reason: Reason
) -> None:
    assert read({**row, column: value}).opted_out is reason


def test_a_report_of_refused_rows_is_read_again_as_the_list_it_came_from() -> None:
    found = read({"Email": "ada@acme.example", "refused line": "4", "refused because": "no"})

    assert found.contact == NewContact(email="ada@acme.example")


def test_what_a_sequence_names_as_data_is_data() -> None:
    names = field_names(("Email", "Order ID", "data.total", "Plan"), {"Plan": "key"}, ["order_id"])

    assert names == ("email", "data.order_id", "data.total", "key")
