"""Finding and listing enrollments."""

from uuid import uuid4

import pytest
from sqlalchemy import Connection

from storage import enrolled, enrollments
from storage.enrolled import Filter
from storage.sending import sends
from storage.sending.sends import Outcome
from tests.storage.given import (
    MONDAY,
    STOPPED,
    a_claimed_send,
    a_command,
    a_contact,
    a_new_enrollment,
    a_published_version,
    an_enrollment,
)


def test_an_enrollment_is_found_by_its_row_and_by_its_workflow(connection: Connection) -> None:
    row = an_enrollment(connection)

    assert enrolled.find(connection, str(row.id)) == row
    assert enrolled.find(connection, row.workflow_id) == row
    assert enrolled.find(connection, "unknown") is None


def test_a_workflow_id_means_the_live_enrollment(connection: Connection) -> None:
    first = an_enrollment(connection)
    enrollments.end(connection, first.id, STOPPED, 1000)
    contact, version = a_contact(connection), a_published_version(connection)
    second = enrollments.begin(connection, a_new_enrollment(contact, version, run="run-2"))

    assert enrolled.find(connection, first.workflow_id) == second


def test_getting_an_unknown_enrollment_is_a_bug(connection: Connection) -> None:
    with pytest.raises(LookupError):
        enrolled.get(connection, uuid4())


def test_only_a_contacts_live_enrollments_are_told(connection: Connection) -> None:
    live = an_enrollment(connection)
    over = an_enrollment(connection, sequence="outbound")
    enrollments.end(connection, over.id, STOPPED, 1000)
    an_enrollment(connection, "bob@example.com")

    found = enrolled.live_of(connection, live.contact_id)

    assert [one.id for one in found] == [live.id]


def test_the_last_enrollment_is_of_the_same_key(connection: Connection) -> None:
    row = an_enrollment(connection, key="order-1")
    enrollments.end(connection, row.id, STOPPED, 1000)

    same = enrolled.last_of(connection, "welcome", row.contact_id, "order-1")
    other = enrolled.last_of(connection, "welcome", row.contact_id, None)

    assert same is not None
    assert same.id == row.id
    assert other is None


@pytest.mark.parametrize(
    ("wanted", "emails"),
    [
        (Filter(), {"ada", "bob", "eve"}),
        (Filter(sequence="welcome"), {"ada", "bob"}),
        (Filter(state="live"), {"bob", "eve"}),
        (Filter(state="paused"), {"bob"}),
        (Filter(state="ended"), {"ada"}),
        (Filter(state="reserved"), set()),
        (Filter(ending="stopped"), {"ada"}),
        (Filter(sequence="outbound", state="ended"), set()),
    ],
)
def test_a_list_holds_what_was_asked_for(
    connection: Connection, wanted: Filter, emails: set[str]
) -> None:
    ada = an_enrollment(connection, "ada@example.com")
    bob = an_enrollment(connection, "bob@example.com")
    an_enrollment(connection, "eve@example.com", "outbound")
    enrollments.end(connection, ada.id, STOPPED, 1000)
    enrollments.pause(connection, bob.id, a_command("pause"), MONDAY)

    found = enrolled.listing(connection, wanted)

    assert {one.email.removesuffix("@example.com") for one in found} == emails


def test_a_list_counts_the_mails_that_were_accepted(connection: Connection) -> None:
    row = an_enrollment(connection)
    accepted = a_claimed_send(connection, row.id, "intro")
    a_claimed_send(connection, row.id, "second")
    sends.record(connection, accepted.send, 1, Outcome(state="accepted", at=MONDAY))

    [listed] = enrolled.listing(connection, Filter(contact_id=row.contact_id))

    assert listed.sent == 1


def test_a_list_is_read_page_by_page(connection: Connection) -> None:
    for name in ("ada", "bob", "eve"):
        an_enrollment(connection, f"{name}@example.com")

    pages = [enrolled.listing(connection, Filter(), limit=2, offset=offset) for offset in (0, 2)]

    assert [len(page) for page in pages] == [2, 1]
    assert len({one.id for page in pages for one in page}) == 3
