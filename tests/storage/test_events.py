"""Events: each once, whatever the provider repeats."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, func, insert, select, text
from sqlalchemy import event as sqlalchemy_event

from schemas.events import AppEvent, Conversion, DataChanged, Reply
from schemas.values import Facts
from storage import contacts, enrollments, events, tables
from storage.events import NewEvent
from storage.rows import EnrollmentRow
from tests.storage.given import (
    MONDAY,
    TUESDAY,
    a_claimed_send,
    a_contact,
    a_new_enrollment,
    a_published_version,
    an_enrollment,
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
    for new in (
        _of(ada, 1, "event", "form_filled"),
        _of(ada, 2, "conversion", "meeting_booked"),
        _of(ada, 3, "reply"),
        _of(ada, 4, "event", "order_shipped"),
        _of(ada, 5, "event", "form_filled").model_copy(update={"at": TUESDAY}),
        _of(bob, 6, "event", "form_filled"),
        _of(ada, 7, "click"),
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
    events.record(connection, _of(ada, 1, "event", "form_filled"))

    assert events.earlier(connection, ada, (), TUESDAY) == []


def test_an_event_read_from_the_record_has_the_id_of_its_signal(connection: Connection) -> None:
    ada = a_contact(connection).id
    new = _of(ada, 1, "event", "form_filled")
    events.record(connection, new)

    [listed] = events.listed(connection, ada, ["form_filled"], MONDAY)

    assert listed.id == new.mark


def test_an_enrollment_missed_what_came_since_its_moment_however_it_came_to_be_on_record(
    connection: Connection,
) -> None:
    row = an_enrollment(connection)
    before = _of(row.contact_id, 1, "event", "form_filled").model_copy(
        update={"at": MONDAY - timedelta(minutes=1)}
    )
    for new in (before, _of(row.contact_id, 2, "event", "form_filled")):
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
        events.record(connection, _of(contact.id, 1, "event", "form_filled"))

    with engine.begin() as connection:
        began = connection.scalar(select(func.now()))
        rivals.start(take_in).result()
        contacts.lock(connection, contact.id)
        row = enrollments.begin(connection, a_new_enrollment(contact, version))
        assert isinstance(row, EnrollmentRow)
        missed = events.missed(connection, row, ("event:form_filled",))

    assert row.enrolled_wall == began
    assert [event.id for event in missed] == ["event.event-1"]


def _changed(row: EnrollmentRow, number: int, **fields: object) -> NewEvent:
    given = {
        "kind": "data_changed",
        "enrollment_id": row.id,
        "fields": {"data": {"seats": number}, "run": None},
    }
    changed = _of(row.contact_id, number, "data_changed").model_dump()
    return NewEvent.model_validate({**changed, **given, **fields})


def test_changes_of_data_are_those_of_one_enrollment_and_of_its_run_before_it_began(
    connection: Connection,
) -> None:
    row = an_enrollment(connection)
    other = an_enrollment(connection, sequence="other")
    unbegun = {"data": {"seats": 3}, "run": row.run_id}
    of_another_run = {"data": {"seats": 4}, "run": "run-0"}
    for new in (
        _changed(row, 1),
        _changed(other, 2),
        _changed(row, 3, enrollment_id=None, fields=unbegun, at=MONDAY - timedelta(days=1)),
        _changed(row, 4, enrollment_id=None, fields=of_another_run),
    ):
        events.record(connection, new)

    changes = events.data_changes(connection, row)

    assert [change.facts for change in changes] == [{"seats": 3}, {"seats": 1}]
    assert events.missed(connection, row, ()) == changes


def test_changes_of_one_minute_have_ids_in_their_order_and_those_of_their_signals(
    connection: Connection,
) -> None:
    row = an_enrollment(connection)
    moments = (MONDAY + timedelta(seconds=second) for second in (9, 8.5, 59))
    new = [_changed(row, number, at=at) for number, at in enumerate(moments)]
    for one in new:
        events.record(connection, one)

    changes = events.data_changes(connection, row)

    assert [change.facts["seats"] for change in changes] == [1, 0, 2]
    assert [change.id for change in changes] == sorted(one.mark for one in new)


@pytest.mark.parametrize(
    ("known", "behind"),
    [
        ({"seats": 2, "plan": "team"}, False),
        ({"seats": 1, "plan": "team"}, True),
        ({"plan": "team"}, True),
        ({}, True),
    ],
    ids=["all", "an-older", "none-of-it", "nothing"],
)
def test_changes_are_unheeded_while_a_value_is_not_the_latest(
    connection: Connection, known: Facts, *, behind: bool
) -> None:
    row = an_enrollment(connection)
    gone = {"data": {"seats": 2, "trial": None}, "run": None}
    for new in (
        _changed(row, 1),
        _changed(row, 2, fields=gone, at=MONDAY + timedelta(seconds=1)),
    ):
        events.record(connection, new)

    unheeded = events.unheeded_changes(connection, row, known)

    assert len(unheeded) == (2 if behind else 0)


def test_a_hand_offs_child_missed_nothing_but_changes_of_its_data(connection: Connection) -> None:
    row = an_enrollment(connection)
    child = row.model_copy(update={"parent": row.id})
    events.record(connection, _of(row.contact_id, 1, "event", "form_filled"))
    events.record(connection, _changed(row, 2))

    missed = events.missed(connection, child, ("event:form_filled",))

    assert [type(event) for event in missed] == [DataChanged]


def test_what_the_app_reported_is_listed_up_to_a_minute_in_order(connection: Connection) -> None:
    ada, bob = a_contact(connection).id, a_contact(connection, "bob@example.com").id
    opened, closed = "ticket_opened", "ticket_closed"
    for new in (
        _of(ada, 1, "event", closed).model_copy(update={"at": MONDAY + timedelta(seconds=59)}),
        _of(ada, 2, "event", opened).model_copy(update={"at": MONDAY - timedelta(days=9)}),
        _of(ada, 3, "event", opened).model_copy(update={"at": MONDAY + timedelta(minutes=1)}),
        _of(ada, 4, "event", "login"),
        _of(bob, 5, "event", opened),
    ):
        events.record(connection, new)

    listed = events.listed(connection, ada, [opened, closed], MONDAY)

    assert [event.id for event in listed] == ["event.event-2", "event.event-1"]


@pytest.mark.parametrize(
    ("event", "expected"), [("login", 2), ("click", 1), ("open", 0), ("reply", 2)]
)
def test_events_are_counted_by_their_name_or_kind(
    connection: Connection, event: str, expected: int
) -> None:
    ada, bob = a_contact(connection).id, a_contact(connection, "bob@example.com").id
    for new in (
        _of(ada, 1, "event", "login"),
        _of(ada, 2, "conversion", "login"),
        _of(ada, 3, "event", "logout"),
        _of(ada, 4, "click"),
        _of(ada, 5, "reply"),
        _of(ada, 6, "reply", "reply"),
        _of(bob, 7, "event", "login"),
    ):
        events.record(connection, new)

    assert events.count(connection, ada, event, None, MONDAY) == expected


@pytest.mark.parametrize(
    ("second", "expected"), [(-1, 0), (0, 0), (59, 0), (60, 1), (119, 1), (179, 1), (180, 0)]
)
def test_a_count_leaves_out_its_first_minute_and_has_its_last(
    connection: Connection, second: int, expected: int
) -> None:
    ada, at = a_contact(connection).id, MONDAY + timedelta(seconds=second)
    events.record(connection, _of(ada, 1, "event", "login").model_copy(update={"at": at}))

    until = MONDAY + timedelta(minutes=2)

    assert events.count(connection, ada, "login", MONDAY, until) == expected


@pytest.mark.parametrize("event", ["login", "click"])
def test_a_count_reads_only_the_index_of_what_it_counts(connection: Connection, event: str) -> None:
    ada = a_contact(connection).id
    rows = (_of(ada, number, "event", f"name-{number % 50}") for number in range(2000))
    connection.execute(insert(tables.events), [{"id": uuid4(), **new.model_dump()} for new in rows])
    connection.execute(text("ANALYZE events"))

    plan = _plan_of(
        connection,
        lambda: events.count(connection, ada, event, MONDAY - timedelta(days=7), MONDAY),
    )

    assert "events_contact_id_kind_name_at_idx" in plan


def _plan_of(connection: Connection, ask: Callable[[], object]) -> str:
    asked: list[tuple[object, ...]] = []
    remember = asked.append
    sqlalchemy_event.listen(connection, "before_cursor_execute", lambda *call: remember(call))
    ask()
    _, _, statement, parameters, *_ = asked[0]
    assert isinstance(parameters, dict)
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
