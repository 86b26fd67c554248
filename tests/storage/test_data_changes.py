"""Changes of what enrollments were given, on record."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from schemas.events import DataChanged
from schemas.values import Facts
from storage import events
from storage.events import NewEvent
from storage.rows import EnrollmentRow
from tests.storage.given import MONDAY, an_enrollment, an_event


def _changed(row: EnrollmentRow, number: int, **fields: object) -> NewEvent:
    given = {
        "kind": "data_changed",
        "enrollment_id": row.id,
        "fields": {"data": {"seats": number}, "run": None},
    }
    changed = an_event(row.contact_id, number, "data_changed").model_dump()
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
    events.record(connection, an_event(row.contact_id, 1, "event", "form_filled"))
    events.record(connection, _changed(row, 2))

    missed = events.missed(connection, child, ("event:form_filled",))

    assert [type(event) for event in missed] == [DataChanged]
