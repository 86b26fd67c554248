"""Tasks: opened once, done once, closed with their enrollment."""

from uuid import UUID, uuid4

from sqlalchemy import Connection

from storage import enrollments, tasks
from storage.rows import ListedTask
from storage.tasks import NewTask
from tests.storage.given import MONDAY, STOPPED, TUESDAY, an_enrollment


def _new(row: UUID, step: str = "call") -> NewTask:
    return NewTask(
        row=row, step=step, task="Call Ada", blocking=True, opened_at=MONDAY, late_at=TUESDAY
    )


def _opened(connection: Connection, row: UUID) -> ListedTask:
    tasks.open_task(connection, _new(row))
    [task] = tasks.listing(connection, row=row)
    return task


def test_an_open_task_is_listed_with_whom_it_is_about(connection: Connection) -> None:
    row = an_enrollment(connection)

    task = _opened(connection, row.id)

    assert (task.task, task.late_at, task.blocking) == ("Call Ada", TUESDAY, True)
    assert (task.email, task.workflow_id) == ("ada@example.com", row.workflow_id)


def test_a_task_is_opened_once(connection: Connection) -> None:
    row = an_enrollment(connection).id

    new = [tasks.open_task(connection, _new(row)) for _ in range(2)]

    assert new == [True, False]
    assert len(tasks.listing(connection)) == 1


def test_an_ended_enrollment_opens_no_task(connection: Connection) -> None:
    row = an_enrollment(connection).id
    enrollments.end(connection, row, STOPPED, 1000)

    assert not tasks.open_task(connection, _new(row))


def test_a_task_that_is_done_counts_once(connection: Connection) -> None:
    task = _opened(connection, an_enrollment(connection).id)

    first = tasks.done(connection, task.id, "sam", TUESDAY)
    second = tasks.done(connection, task.id, "eve", TUESDAY)

    assert first is not None
    assert second is not None
    assert (first.counts, second.counts) == (True, False)
    assert (second.task.state, second.task.done_by, second.task.done_at) == (
        *("done", "sam", TUESDAY),
    )
    assert tasks.listing(connection) == []


def test_a_task_done_after_the_ending_counts_for_itself_only(connection: Connection) -> None:
    row = an_enrollment(connection).id
    task = _opened(connection, row)
    closed = tasks.close_of(connection, row)

    late = tasks.done(connection, task.id, "sam", TUESDAY)

    assert closed == 1
    assert late is not None
    assert not late.counts
    assert late.task.state == "done"


def test_closing_leaves_done_tasks_as_they_are(connection: Connection) -> None:
    row = an_enrollment(connection).id
    task = _opened(connection, row)
    tasks.done(connection, task.id, "sam", TUESDAY)

    closed = tasks.close_of(connection, row)

    assert closed == 0
    assert [one.id for one in tasks.listing(connection, state="done")] == [task.id]


def test_an_unknown_task_is_not_done(connection: Connection) -> None:
    assert tasks.done(connection, uuid4(), "sam", MONDAY) is None
