"""Enrollments: begun once, reserved, paused, ended by the first ending."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, NoResultFound

from schemas.progress import Ending, Entry, What
from storage import controls, enrolled, enrollments, tables
from storage.enrollments import AlreadyLive, NewEnrollment
from storage.rows import EnrollmentRow
from tests.storage.given import (
    MONDAY,
    STOPPED,
    TUESDAY,
    a_command,
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
    assert new.model_dump().items() <= row.model_dump().items()
    assert row.ended() is None


def test_a_run_that_begins_twice_has_begun_once(connection: Connection) -> None:
    new = _new(connection)

    first, second = enrollments.begin(connection, new), enrollments.begin(connection, new)

    assert first == second


def test_a_run_that_begins_again_after_its_ending_finds_it(connection: Connection) -> None:
    new = _new(connection)
    first = enrollments.begin(connection, new)
    assert isinstance(first, EnrollmentRow)
    enrollments.end(connection, first.id, STOPPED, 1000)

    again = enrollments.begin(connection, new)

    assert isinstance(again, EnrollmentRow)
    assert again.ended() == STOPPED


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


def test_a_new_enrollment_begins_after_the_last_one_ended(connection: Connection) -> None:
    first = an_enrollment(connection)
    enrollments.end(connection, first.id, STOPPED, 1000)

    second = enrollments.begin(connection, _new(connection, run="run-2"))

    assert isinstance(second, EnrollmentRow)
    assert second.id != first.id
    last = enrolled.last_of(connection, "welcome", first.contact_id, None)
    assert last is not None
    assert last.id == first.id


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


def test_a_reservation_that_was_stopped_is_adopted_ended(connection: Connection) -> None:
    parent = an_enrollment(connection, sequence="outbound")
    new = _new(connection)
    reserved = enrollments.reserve(connection, _reservation(new, parent))
    assert isinstance(reserved, EnrollmentRow)
    enrollments.end(connection, reserved.id, STOPPED, 1000)

    begun = enrollments.begin(connection, new)

    assert isinstance(begun, EnrollmentRow)
    assert (begun.id, begun.ended()) == (reserved.id, STOPPED)


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


def test_the_first_ending_stays(connection: Connection) -> None:
    row = an_enrollment(connection).id
    first = Ending(name="replied", at=MONDAY)
    enrollments.end(connection, row, first, 10)

    on_record = enrollments.end(connection, row, Ending(name="bounced", at=TUESDAY), 0)

    assert on_record == first


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (("completed", 1000), ("replied", 10), "replied"),
        (("replied", 10), ("completed", 1000), "replied"),
        (("replied", 10), ("converted", 10), "replied"),
    ],
)
def test_of_endings_of_one_moment_the_lower_rank_counts(
    connection: Connection, first: tuple[str, int], second: tuple[str, int], kept: str
) -> None:
    row = an_enrollment(connection).id

    for name, rank in (first, second):
        enrollments.end(connection, row, Ending(name=name, at=MONDAY), rank)

    assert enrolled.get(connection, row).ended() == Ending(name=kept, at=MONDAY)


def test_a_closed_enrollments_ending_is_never_replaced(connection: Connection) -> None:
    row = an_enrollment(connection).id
    enrollments.end(connection, row, STOPPED, 1000)
    enrollments.close(connection, row, ())

    on_record = enrollments.end(connection, row, Ending(name="bounced", at=MONDAY), 0)

    assert on_record == STOPPED


def test_ending_an_unknown_enrollment_is_a_bug(connection: Connection) -> None:
    with pytest.raises(NoResultFound):
        enrollments.end(connection, uuid4(), STOPPED, 1000)


def test_only_a_hand_off_reserves_and_only_a_run_begins(connection: Connection) -> None:
    new = _new(connection)

    with pytest.raises(ValueError, match="parent"):
        enrollments.reserve(connection, new)
    with pytest.raises(ValueError, match="run"):
        enrollments.begin(connection, new.model_copy(update={"run_id": None}))


def test_the_timeline_is_written_once_and_only_after_the_ending(connection: Connection) -> None:
    row = an_enrollment(connection).id
    timeline = (Entry(at=MONDAY, what=What.ENROLLED, why="The CRM said so."),)

    early = enrollments.close(connection, row, timeline)
    enrollments.end(connection, row, STOPPED, 1000)
    written = enrollments.close(connection, row, timeline)
    again = enrollments.close(connection, row, ())

    assert (early, written, again) == (False, True, False)
    assert enrolled.get(connection, row).timeline == timeline


def test_a_pause_is_on_record_until_the_resume(connection: Connection) -> None:
    row = an_enrollment(connection).id

    paused = enrollments.pause(connection, row, a_command("pause"), MONDAY)
    while_paused = enrolled.get(connection, row)
    resumed = enrollments.resume(connection, row, a_command("resume", "command-2"), TUESDAY)

    assert (paused, resumed) == (True, True)
    assert (while_paused.paused_at, while_paused.paused_by) == (MONDAY, "olga")
    assert enrolled.get(connection, row).paused_at is None


def test_a_repeated_command_changes_nothing_even_after_its_opposite(
    connection: Connection,
) -> None:
    row = an_enrollment(connection).id
    enrollments.pause(connection, row, a_command("pause"), MONDAY)
    enrollments.resume(connection, row, a_command("resume", "command-2"), TUESDAY)

    repeated = enrollments.pause(connection, row, a_command("pause"), TUESDAY)

    assert not repeated
    assert enrolled.get(connection, row).paused_at is None


def test_an_ended_enrollment_is_not_paused(connection: Connection) -> None:
    row = an_enrollment(connection).id
    enrollments.end(connection, row, STOPPED, 1000)

    assert not enrollments.pause(connection, row, a_command("pause"), TUESDAY)


def test_commands_are_kept_with_who_and_why(connection: Connection) -> None:
    row = an_enrollment(connection).id

    new = [controls.record(connection, row, a_command("exit"), MONDAY) for _ in range(2)]

    kept = controls.of_enrollment(connection, row)
    assert new == [True, False]
    assert [(one.action, one.who, one.at) for one in kept] == [("exit", "olga", MONDAY)]


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


def test_of_two_endings_at_once_the_later_sees_the_first(engine: Engine, rivals: Rivals) -> None:
    with engine.begin() as connection:
        row = an_enrollment(connection).id
    bounced = Ending(name="bounced", at=MONDAY + timedelta(minutes=1))

    with engine.begin() as connection:
        enrollments.end(connection, row, STOPPED, 1000)
        rival = rivals.start_blocked(partial(enrollments.end, row=row, ending=bounced, rank=0))

    assert rival.result() == STOPPED


@pytest.mark.parametrize(
    "values",
    [
        {"ending": "stopped"},
        {"paused_at": MONDAY},
        {"timeline": []},
        {"ended_at": MONDAY, "ending": "stopped"},
    ],
)
def test_the_database_refuses_half_an_ending_or_pause(
    connection: Connection, values: dict[str, object]
) -> None:
    an_enrollment(connection)

    with pytest.raises(IntegrityError):
        connection.execute(tables.enrollments.update().values(**values))
