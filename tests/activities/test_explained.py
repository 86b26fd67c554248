"""Explanations from PostgreSQL alone: what is over, and what no worker tells."""

from datetime import timedelta

from devstack.emulator.faults import Fault, FaultKind
from schemas.activities import EndRequest
from schemas.matchers import Matcher
from schemas.outcomes import Enrolled, Sent
from schemas.policies import ExitRule
from schemas.progress import Progress, What
from schemas.sequence import Sequence
from starter.explaining.explanations import Explanation, explain
from tests.activities.world import WELCOME, World
from tests.builders import MONDAY, OFFICE, a_sequence, an_email
from tests.unit.decisions.living import live, replied
from workflows.deciding.endings import rank_of

LATER = MONDAY + timedelta(days=10)


async def explanation(world: World, ref: str) -> Explanation:
    told = await explain(None, world.engine, ref)
    assert isinstance(told, Explanation), told
    return told


def over(world: World, row: Enrolled, lived: Progress, sequence: Sequence) -> None:
    """Put down how an enrollment that was lived elsewhere ended."""
    assert lived.ending is not None
    rank = rank_of(sequence, lived.ending.name)
    world.live.end_enrollment(
        EndRequest(row=row.row, ending=lived.ending, rank=rank, timeline=lived.timeline)
    )


async def test_what_is_over_is_explained_by_the_record_alone(world: World) -> None:
    sequence = a_sequence(
        an_email("intro", day=1, next="note"),
        an_email("note", day=6),
        window=OFFICE,
        exit_on=(ExitRule(name="replied", on=Matcher(kind="reply")),),
    )
    world.publish(sequence)
    row = world.enrolled(world.contact())
    over(world, row, live(sequence, replied("03-04 11:07"), start=MONDAY), sequence)

    told = await explanation(world, row.row)

    assert told.over == "replied: the contact replied (rule 37)"
    assert [(one.step, one.fate) for one in told.steps] == [
        ("intro", "sent"),
        ("note", "not_reached"),
    ]
    assert told.steps[1].why == (
        "It was its turn, but the enrollment ended first, as replied on Wed 04 Mar 2026 16:07."
    )
    assert (told.ahead, told.ends, told.told_by) == ((), (), "record")


async def test_without_a_worker_the_record_tells_what_went_and_does_not_guess(
    world: World,
) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    assert isinstance(await world.send(row, "intro", why="day 1 of the sequence"), Sent)

    told = await explanation(world, row.row)

    intro, note = told.steps
    assert (intro.fate, note.fate) == ("sent", "unknown")
    assert "day 1 of the sequence" in intro.why
    assert "no worker answers" in note.why


async def test_the_ledger_goes_before_what_a_workflow_heard_last(world: World) -> None:
    sequence = WELCOME.model_copy(update={"exit_on": ()})
    world.publish(sequence)
    row = world.enrolled(world.contact())
    assert isinstance(await world.send(row), Sent)
    lived = live(sequence, start=MONDAY)
    doubtful = tuple(
        one.model_copy(update={"what": What.SETTLED}) if one.step == "intro" else one
        for one in lived.timeline
    )
    over(world, row, lived.model_copy(update={"timeline": doubtful}), sequence)

    intro = (await explanation(world, row.row)).steps[0]

    assert intro.fate == "sent"
    assert intro.why.endswith("But SendGrid told later that it went.")


async def test_a_mail_that_sendgrid_refused_is_told_beside_what_comes(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    await world.emulator.arm(Fault(kind=FaultKind.BAD_REQUEST))
    await world.send(row)

    intro = (await explanation(world, row.row)).steps[0]

    assert intro.fate != "sent"
