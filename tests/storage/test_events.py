"""Events: each once, whatever the provider repeats."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, func, select

from schemas.events import AppEvent, Conversion, Reply
from storage import enrollments, events
from storage.events import NewEvent
from storage.people import contacts
from storage.rows import EnrollmentRow
from storage.schema import tables
from tests.storage.given import (
    MONDAY,
    TUESDAY,
    a_claimed_send,
    a_contact,
    a_new_enrollment,
    a_published_version,
    an_enrollment,
    an_event,
)
from tests.storage.rivals import Rivals

CLICK = NewEvent(
    source="sendgrid",
    natural_key="message-1 click 1",
    provider_event_id="sg-1",
    kind="click",
    at=MONDAY,
    fields={"url": "https://example.com"},
    raw=b"{}",
)


def test_an_event_is_recorded_with_all_that_is_known_of_it(connection: Connection) -> None:
    row = an_enrollment(connection)
    send = a_claimed_send(connection, row.id).send
    whole = CLICK.model_copy(
        update={"contact_id": row.contact_id, "send_id": send, "enrollment_id": row.id}
    )

    event = events.record(connection, whole)

    assert isinstance(event, UUID)
    [kept] = events.of_contact(connection, row.contact_id)
    assert kept.id == event
    assert (
        kept.model_dump().items()
        >= whole.model_dump(exclude={"raw", "natural_key", "provider_event_id"}).items()
    )
    assert connection.scalar(select(tables.events.c.raw)) == b"{}"


@pytest.mark.parametrize(
    "repeat",
    [
        CLICK,
        CLICK.model_copy(update={"provider_event_id": "sg-2"}),
        CLICK.model_copy(update={"provider_event_id": None}),
        CLICK.model_copy(update={"natural_key": "message-1 click 2"}),
    ],
)
def test_an_event_is_known_by_either_of_its_keys(connection: Connection, repeat: NewEvent) -> None:
    events.record(connection, CLICK)

    assert events.record(connection, repeat) is None


def test_events_without_a_providers_id_are_told_apart_by_their_nature(
    connection: Connection,
) -> None:
    anonymous = CLICK.model_copy(update={"provider_event_id": None})
    events.record(connection, anonymous)

    other = events.record(connection, anonymous.model_copy(update={"natural_key": "another"}))

    assert other is not None


def test_a_repeat_waits_for_the_first_and_is_known_then(engine: Engine, rivals: Rivals) -> None:
    repeat = CLICK.model_copy(update={"provider_event_id": "sg-2"})

    with engine.begin() as connection:
        events.record(connection, CLICK)
        rival = rivals.start_blocked(partial(events.record, new=repeat))

    assert rival.result() is None


def test_an_event_whose_first_recording_failed_is_new(engine: Engine, rivals: Rivals) -> None:
    with engine.connect() as connection:
        events.record(connection, CLICK)
        rival = rivals.start_blocked(partial(events.record, new=CLICK))
        connection.rollback()

    assert rival.result() is not None


def test_a_nul_that_a_client_sent_does_not_keep_the_event_out(connection: Connection) -> None:
    contact = a_contact(connection).id
    strange = CLICK.model_copy(
        update={"contact_id": contact, "fields": {"agent\0": ["a\0b", {"n": 1}]}}
    )

    events.record(connection, strange)

    [kept] = events.of_contact(connection, contact)
    assert kept.fields == {"agent\ufffd": ["a\ufffdb", {"n": 1}]}


def test_earlier_events_are_those_that_the_sequence_listens_to(connection: Connection) -> None:
    ada, bob = a_contact(connection).id, a_contact(connection, "bob@example.com").id
    for new in (
        an_event(ada, 1, "event", "form_filled"),
        an_event(ada, 2, "conversion", "meeting_booked"),
        an_event(ada, 3, "reply"),
        an_event(ada, 4, "event", "order_shipped"),
        an_event(ada, 5, "event", "form_filled").model_copy(update={"at": TUESDAY}),
        an_event(bob, 6, "event", "form_filled"),
        an_event(ada, 7, "click"),
    ):
        events.record(connection, new)
    listens_to = ("event:form_filled", "event:meeting_booked", "reply", "click")

    earlier = events.earlier(connection, ada, listens_to, TUESDAY)

    assert earlier == [
        Conversion(id="conversion.event-2", at=MONDAY, name="meeting_booked", fields={"number": 2}),
        AppEvent(id="event.event-1", at=MONDAY, name="form_filled", fields={"number": 1}),
        Reply(id="reply.event-3", at=MONDAY),
    ]


def test_a_sequence_that_listens_to_nothing_has_no_earlier_events(
    connection: Connection,
) -> None:
    ada = a_contact(connection).id
    events.record(connection, an_event(ada, 1, "event", "form_filled"))

    assert events.earlier(connection, ada, (), TUESDAY) == []


def test_an_event_read_from_the_record_has_the_id_of_its_signal(connection: Connection) -> None:
    ada = a_contact(connection).id
    new = an_event(ada, 1, "event", "form_filled")
    events.record(connection, new)

    [listed] = events.listed(connection, ada, ["form_filled"], MONDAY)

    assert listed.id == new.mark


def test_an_enrollment_missed_what_came_since_its_moment_however_it_came_to_be_on_record(
    connection: Connection,
) -> None:
    row = an_enrollment(connection)
    before = an_event(row.contact_id, 1, "event", "form_filled").model_copy(
        update={"at": MONDAY - timedelta(minutes=1)}
    )
    for new in (before, an_event(row.contact_id, 2, "event", "form_filled")):
        events.record(connection, new)

    missed = events.missed(connection, row, ("event:form_filled",))

    assert [event.id for event in missed] == ["event.event-2"]


def test_an_event_committed_while_its_enrollment_begins_is_missed_by_nobody(
    engine: Engine, rivals: Rivals
) -> None:
    with engine.begin() as connection:
        contact = a_contact(connection)
        version = a_published_version(connection)

    def take_in(connection: Connection) -> None:
        contacts.lock(connection, contact.id)
        events.record(connection, an_event(contact.id, 1, "event", "form_filled"))

    with engine.begin() as connection:
        began = connection.scalar(select(func.now()))
        rivals.start(take_in).result()
        contacts.lock(connection, contact.id)
        row = enrollments.begin(connection, a_new_enrollment(contact, version))
        assert isinstance(row, EnrollmentRow)
        missed = events.missed(connection, row, ("event:form_filled",))

    assert row.enrolled_wall == began
    assert [event.id for event in missed] == ["event.event-1"]


def test_what_the_app_reported_is_listed_up_to_a_minute_in_order(connection: Connection) -> None:
    ada, bob = a_contact(connection).id, a_contact(connection, "bob@example.com").id
    opened, closed = "ticket_opened", "ticket_closed"
    for new in (
        an_event(ada, 1, "event", closed).model_copy(update={"at": MONDAY + timedelta(seconds=59)}),
        an_event(ada, 2, "event", opened).model_copy(update={"at": MONDAY - timedelta(days=9)}),
        an_event(ada, 3, "event", opened).model_copy(update={"at": MONDAY + timedelta(minutes=1)}),
        an_event(ada, 4, "event", "login"),
        an_event(bob, 5, "event", opened),
    ):
        events.record(connection, new)

    listed = events.listed(connection, ada, [opened, closed], MONDAY)

    assert [event.id for event in listed] == ["event.event-2", "event.event-1"]
