"""Enrollments: begun once, reserved, paused, ended by the first ending."""

from functools import partial

import pytest
from sqlalchemy import Connection, Engine

from storage import enrolled, enrollments
from storage.enrollments import AlreadyLive, NewEnrollment
from storage.rows import EnrollmentRow
from tests.storage.given import (
    MONDAY,
    STOPPED,
    TUESDAY,
    a_contact,
    a_new_enrollment,
    a_published_version,
    an_enrollment,
)
from tests.storage.rivals import Rivals


def _new(connection: Connection, *, run: str = "run-1", key: str | None = None) -> NewEnrollment:
    return a_new_enrollment(
        a_contact(connection), a_published_version(connection), run=run, key=key
    )


def _reservation(new: NewEnrollment, parent: EnrollmentRow) -> NewEnrollment:
    return new.model_copy(update={"run_id": None, "parent": parent.id, "last_marketing_at": MONDAY})


def test_an_enrollment_is_on_record_once_it_has_begun(connection: Connection) -> None:
    new = _new(connection)

    row = enrollments.begin(connection, new)

    assert isinstance(row, EnrollmentRow)
    assert enrolled.get(connection, row.id) == row
    assert new.model_dump(exclude={"given"}).items() <= row.model_dump().items()
    assert row.ended() is None


def test_a_run_that_begins_twice_has_begun_once(connection: Connection) -> None:
    new = _new(connection)

    first, second = enrollments.begin(connection, new), enrollments.begin(connection, new)

    assert first == second


@pytest.mark.parametrize("key", [None, "order-1"])
def test_one_enrollment_of_a_contact_is_live_per_sequence_and_key(
    connection: Connection, key: str | None
) -> None:
    first = enrollments.begin(connection, _new(connection, key=key))
    assert isinstance(first, EnrollmentRow)

    second = enrollments.begin(connection, _new(connection, key=key, run="run-2"))

    assert second == AlreadyLive(row=first.id, workflow_id=first.workflow_id)


def test_another_key_is_another_enrollment(connection: Connection) -> None:
    rows = [
        enrollments.begin(connection, _new(connection, key=key))
        for key in (None, "order-1", "order-2")
    ]

    assert all(isinstance(row, EnrollmentRow) for row in rows)


def test_a_reservation_is_live_and_adopted_as_it_is_by_the_run(connection: Connection) -> None:
    parent = an_enrollment(connection, sequence="outbound")
    new = _new(connection)
    reserved = enrollments.reserve(connection, _reservation(new, parent))
    assert isinstance(reserved, EnrollmentRow)

    begun = enrollments.begin(
        connection, new.model_copy(update={"enrolled_at": TUESDAY, "source": "hand-off"})
    )

    assert begun == reserved.model_copy(update={"run_id": "run-1"})


def test_a_reservation_is_made_once_per_parent(connection: Connection) -> None:
    parent = an_enrollment(connection, sequence="outbound")
    wanted = _reservation(_new(connection), parent)

    first, second = (enrollments.reserve(connection, wanted) for _ in range(2))

    assert first == second


def test_a_reservation_of_what_is_live_is_refused(connection: Connection) -> None:
    parent, live = an_enrollment(connection, sequence="outbound"), an_enrollment(connection)

    refused = enrollments.reserve(connection, _reservation(_new(connection), parent))

    assert refused == AlreadyLive(row=live.id, workflow_id=live.workflow_id)


def test_what_is_on_record_for_a_run_is_its_own_row_or_its_reservation(
    connection: Connection,
) -> None:
    parent = an_enrollment(connection, sequence="outbound")
    new = _new(connection)
    before = enrollments.on_record(connection, new.workflow_id, "run-1")
    reserved = enrollments.reserve(connection, _reservation(new, parent))

    found = enrollments.on_record(connection, new.workflow_id, "run-1")

    assert before is None
    assert found == reserved


def test_only_a_hand_off_reserves_and_only_a_run_begins(connection: Connection) -> None:
    new = _new(connection)

    with pytest.raises(ValueError, match="parent"):
        enrollments.reserve(connection, new)
    with pytest.raises(ValueError, match="run"):
        enrollments.begin(connection, new.model_copy(update={"run_id": None}))


def test_of_two_runs_that_begin_at_once_one_is_live(engine: Engine, rivals: Rivals) -> None:
    with engine.begin() as connection:
        new = _new(connection)

    with engine.begin() as connection:
        first = enrollments.begin(connection, new)
        other = new.model_copy(update={"run_id": "run-2"})
        rival = rivals.start_blocked(partial(enrollments.begin, new=other))

    assert isinstance(first, EnrollmentRow)
    assert rival.result() == AlreadyLive(row=first.id, workflow_id=first.workflow_id)


def test_one_run_that_begins_twice_at_once_has_begun_once(engine: Engine, rivals: Rivals) -> None:
    with engine.begin() as connection:
        new = _new(connection)

    with engine.begin() as connection:
        first = enrollments.begin(connection, new)
        rival = rivals.start_blocked(partial(enrollments.begin, new=new))

    assert rival.result() == first


def test_a_run_begins_if_the_live_one_ends_while_it_waits(engine: Engine, rivals: Rivals) -> None:
    with engine.begin() as connection:
        live = an_enrollment(connection)
        other = _new(connection, run="run-2")

    with engine.begin() as connection:
        enrollments.end(connection, live.id, STOPPED, 1000)
        rival = rivals.start_blocked(partial(enrollments.begin, new=other))

    assert isinstance(rival.result(), EnrollmentRow)
