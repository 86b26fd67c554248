"""Enrollments: begun once, reserved, paused, ended by the first ending."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, NoResultFound

from schemas.progress import Ending, Entry, What
from storage import controls, enrolled, enrollments, locks
from storage.enrollments import NewEnrollment
from storage.rows import EnrollmentRow
from storage.schema import tables
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


def test_a_run_that_begins_again_after_its_ending_finds_it(connection: Connection) -> None:
    new = _new(connection)
    first = enrollments.begin(connection, new)
    assert isinstance(first, EnrollmentRow)
    enrollments.end(connection, first.id, STOPPED, 1000)

    again = enrollments.begin(connection, new)

    assert isinstance(again, EnrollmentRow)
    assert again.ended() == STOPPED


def test_a_new_enrollment_begins_after_the_last_one_ended(connection: Connection) -> None:
    first = an_enrollment(connection)
    enrollments.end(connection, first.id, STOPPED, 1000)

    second = enrollments.begin(connection, _new(connection, run="run-2"))

    assert isinstance(second, EnrollmentRow)
    assert second.id != first.id
    last = enrolled.last_of(connection, "welcome", first.contact_id, None)
    assert last is not None
    assert last.id == first.id


def test_a_reservation_that_was_stopped_is_adopted_ended(connection: Connection) -> None:
    parent = an_enrollment(connection, sequence="outbound")
    new = _new(connection)
    reserved = enrollments.reserve(connection, _reservation(new, parent))
    assert isinstance(reserved, EnrollmentRow)
    enrollments.end(connection, reserved.id, STOPPED, 1000)

    begun = enrollments.begin(connection, new)

    assert isinstance(begun, EnrollmentRow)
    assert (begun.id, begun.ended()) == (reserved.id, STOPPED)


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


def test_why_it_ended_is_kept_and_a_later_ending_does_not_change_it(
    connection: Connection,
) -> None:
    row = an_enrollment(connection)
    left = Ending(name="left_audience", at=MONDAY, why="the audience asks contact.role == 'vp'")

    ended = enrollments.end(connection, row.id, left, 1000)
    again = enrollments.end(connection, row.id, Ending(name="stopped", at=TUESDAY, why="x"), 1000)

    assert ended == again == left
    assert enrolled.get(connection, row.id).ended() == left
    stopped = locks.lock(connection, row.id).stopped
    assert stopped is not None
    assert stopped.ending == left
