"""Events: each once, whatever the provider repeats."""

from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, select

from schemas.events import AppEvent, Conversion, Reply
from storage import events, tables
from storage.events import NewEvent
from tests.storage.given import MONDAY, TUESDAY, a_claimed_send, a_contact, an_enrollment
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


def _of(contact: str, number: int, kind: str, name: str | None = None) -> NewEvent:
    return NewEvent(
        source="api",
        natural_key=f"event-{number}",
        kind=kind,
        name=name,
        contact_id=contact,
        at=MONDAY,
        fields={"number": number},
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
    recorded = [
        events.record(connection, new)
        for new in (
            _of(ada, 1, "event", "form_filled"),
            _of(ada, 2, "conversion", "meeting_booked"),
            _of(ada, 3, "reply"),
            _of(ada, 4, "event", "order_shipped"),
            _of(ada, 5, "event", "form_filled").model_copy(update={"at": TUESDAY}),
            _of(bob, 6, "event", "form_filled"),
            _of(ada, 7, "click"),
        )
    ]
    listens_to = ("event:form_filled", "event:meeting_booked", "reply", "click")

    earlier = events.earlier(connection, ada, listens_to, TUESDAY)

    by_id = {event.id: event for event in earlier}
    assert by_id == {
        str(recorded[0]): AppEvent(
            id=str(recorded[0]), at=MONDAY, name="form_filled", fields={"number": 1}
        ),
        str(recorded[1]): Conversion(
            id=str(recorded[1]), at=MONDAY, name="meeting_booked", fields={"number": 2}
        ),
        str(recorded[2]): Reply(id=str(recorded[2]), at=MONDAY),
    }


def test_a_sequence_that_listens_to_nothing_has_no_earlier_events(
    connection: Connection,
) -> None:
    ada = a_contact(connection).id
    events.record(connection, _of(ada, 1, "event", "form_filled"))

    assert events.earlier(connection, ada, (), TUESDAY) == []
