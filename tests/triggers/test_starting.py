"""Starts on their way: brought at once, again when that fails, and each settled once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, update
from temporalio.service import RPCError, RPCStatusCode

from schemas.enrollment import EnrollmentStart
from schemas.outcomes import Refused
from schemas.progress import Ending
from starter.enrolling.enrollments import Started
from starter.outgoing.starting import Starting, bring
from storage import enrollments
from storage.enrollments import NewEnrollment
from storage.entering import starts
from storage.entering.starts import NewStart
from storage.rows import EnrollmentRow
from storage.schema.trigger_tables import starts as table
from tests.builders import MONDAY
from tests.triggers.app import App, on_event, triggered

ENROLLED = Refused(reason="already_enrolled", message="it is")


class Temporal:
    """Remembers what it was asked to start, and answers what it was told to."""

    def __init__(self, *answers: Refused | Exception | None) -> None:
        self.asked: list[EnrollmentStart] = []
        self.requests: list[str] = []
        self.answers = list(answers)
        self.rung = asyncio.Event()

    async def __call__(self, start: EnrollmentStart, request: str) -> Started | Refused:
        self.asked.append(start)
        self.requests.append(request)
        self.rung.set()
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer or Started(workflow_id="orders.c1", run_id="run-1", contact=start.contact)


def laid_out(app: App, *causes: str, **fields: object) -> None:
    contact = app.contact()
    new = [
        NewStart.model_validate(
            {
                "natural_key": cause,
                "sequence": "orders",
                "contact_id": contact.id,
                "key": cause,
                "at": MONDAY,
                "source": "trigger: event order_placed",
                **fields,
            }
        )
        for cause in causes
    ]
    with app.engine.begin() as connection:
        starts.lay_out(connection, new)


def hurried(engine: Engine) -> None:
    """Let what waits be due."""
    with engine.begin() as connection:
        connection.execute(update(table).values(due_wall=func.now() - timedelta(seconds=1)))


def begun(app: App, *, ended: bool = False, **fields: object) -> EnrollmentRow:
    version, contact = app.publish(triggered()), app.contact()
    new = NewEnrollment.model_validate(
        {
            "workflow_id": f"orders.{contact.id}.1",
            "run_id": "run-1",
            "sequence": "orders",
            "version": version.hash,
            "contact_id": contact.id,
            "key": "1",
            "source": "test",
            "zone": "UTC",
            "enrolled_at": MONDAY - timedelta(days=1),
            **fields,
        }
    )
    with app.engine.begin() as connection:
        row = enrollments.begin(connection, new)
        assert isinstance(row, EnrollmentRow)
        if ended:
            enrollments.end(connection, row.id, Ending(name="stopped", at=MONDAY), 1000)
    return row


def waiting(engine: Engine) -> int:
    with engine.connect() as connection:
        return starts.waiting(connection)


def refusals(app: App) -> list[str | None]:
    return [start.refused for start in app.starts()]


async def test_what_is_laid_out_is_started_once(app: App, engine: Engine) -> None:
    temporal = Temporal()
    laid_out(app, "1", "2")

    brought = await bring(engine, temporal)
    again = await bring(engine, temporal)

    assert (brought, again, waiting(engine)) == (2, 0, 0)
    assert sorted(start.key or "" for start in temporal.asked) == ["1", "2"]
    assert {start.source for start in temporal.asked} == {"trigger: event order_placed"}


@pytest.mark.parametrize(
    "fault",
    [RPCError("down", RPCStatusCode.UNAVAILABLE, b""), ConnectionError("down"), ValueError("odd")],
    ids=lambda fault: type(fault).__name__,
)
async def test_what_fails_is_tried_again_and_holds_up_no_other(
    app: App, engine: Engine, fault: Exception
) -> None:
    temporal = Temporal(fault)
    laid_out(app, "1", "2")

    await bring(engine, temporal)
    left = waiting(engine)
    hurried(engine)
    await bring(engine, temporal)

    assert (left, waiting(engine)) == (1, 0)
    assert refusals(app) == [None, None]


async def test_what_nobody_could_write_down_comes_again_after_its_lease(
    app: App, engine: Engine
) -> None:
    temporal = Temporal()
    laid_out(app, "1")
    with engine.begin() as connection:
        starts.take(connection, 10)

    leased = await bring(engine, temporal)
    hurried(engine)
    later = await bring(engine, temporal)

    assert (leased, later, len(temporal.asked)) == (0, 1, 1)


async def test_whoever_is_enrolled_already_is_put_down_as_refused(app: App, engine: Engine) -> None:
    begun(app)
    laid_out(app, "1")

    await bring(engine, Temporal(ENROLLED))

    assert refusals(app) == ["already_enrolled"]


async def test_one_that_is_about_to_end_is_waited_for_where_that_was_asked_for(
    app: App, engine: Engine
) -> None:
    begun(app)
    laid_out(app, "1", patience=2)
    temporal = Temporal(ENROLLED, ENROLLED)

    await bring(engine, temporal)
    before = refusals(app)
    hurried(engine)
    await bring(engine, temporal)

    assert (before, refusals(app)) == ([None], ["already_enrolled"])


async def test_one_that_has_ended_and_runs_still_is_waited_for(app: App, engine: Engine) -> None:
    begun(app, ended=True)
    laid_out(app, "1")
    temporal = Temporal(ENROLLED)

    await bring(engine, temporal)
    hurried(engine)
    await bring(engine, temporal)

    assert (refusals(app), waiting(engine), len(temporal.asked)) == ([None], 0, 2)


async def test_two_causes_of_one_minute_enroll_once(app: App, engine: Engine) -> None:
    laid_out(app, "one", "two", key="1")
    temporal = Temporal()

    first = await bring(engine, temporal)
    begun(app, ended=True, enrolled_at=MONDAY)
    second = await bring(engine, temporal)

    assert (first, second, len(temporal.asked)) == (1, 1, 1)
    assert refusals(app) == [None, "same_minute"]


async def test_a_start_that_cannot_be_one_is_refused(app: App, engine: Engine) -> None:
    laid_out(app, "1", key="a/b")

    await bring(engine, Temporal())

    assert refusals(app) == ["malformed"]


async def test_a_nudge_brings_what_was_committed(app: App, engine: Engine) -> None:
    temporal = Temporal()
    starting = Starting(engine, temporal)
    running = asyncio.create_task(starting.run())

    app.publish(triggered(on_event()), at=MONDAY - timedelta(days=1))
    app.contact()
    app.report()
    starting.nudge()
    await asyncio.wait_for(temporal.rung.wait(), 30)

    running.cancel()
    await asyncio.wait([running])
    assert [start.at for start in temporal.asked] == [MONDAY]
