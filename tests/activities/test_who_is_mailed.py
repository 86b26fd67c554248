from schemas.activities import ControlRequest
from schemas.events import Control
from schemas.outcomes import Sent, Stopped, Suppressed
from schemas.policies import ExitRule
from schemas.progress import Ending
from schemas.suppression import Reason
from tests.activities.world import VP, World
from tests.builders import MONDAY, a_sequence, an_email


def commanded(world: World, row: str, action: str) -> None:
    control = Control.model_validate(
        {"id": action, "at": MONDAY, "action": action, "who": "olga", "why": "asked"}
    )
    world.live.record_control(ControlRequest(row=row, control=control))


async def test_nobody_suppressed_is_mailed(world: World) -> None:
    world.publish()
    contact = world.contact()
    row = world.enrolled(contact)
    world.suppress(contact)

    outcome = await world.send(row)

    assert outcome == Suppressed(reason=Reason.UNSUBSCRIBED)
    assert await world.mails() == []


async def test_a_transactional_mail_goes_to_whom_marketing_does_not(world: World) -> None:
    world.publish(a_sequence(an_email("intro", transactional=True)))
    contact = world.contact()
    row = world.enrolled(contact)
    world.suppress(contact)

    assert isinstance(await world.send(row), Sent)


async def test_nothing_goes_while_paused(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    commanded(world, row.row, "pause")

    assert await world.send(row) == Stopped(at=MONDAY, who="olga", why="asked")
    assert await world.mails() == []

    commanded(world, row.row, "resume")
    assert isinstance(await world.send(row), Sent)


async def test_nothing_goes_after_the_ending(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    commanded(world, row.row, "exit")

    outcome = await world.send(row)

    assert outcome == Stopped(ending=Ending(name="stopped", at=MONDAY))
    assert await world.mails() == []


async def test_who_left_the_audience_is_out_and_not_mailed(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), audience=VP))
    row = world.enrolled(world.contact(attributes={"role": "vp"}))
    world.contact(attributes={"role": "cfo"})

    outcome = await world.send(row)

    assert isinstance(outcome, Stopped)
    assert outcome.ending is not None
    assert (outcome.ending.name, outcome.ending.at) == ("left_audience", MONDAY)
    assert "no longer matches the audience" in outcome.ending.why
    assert world.sends_of(row) == []
    assert await world.mails() == []


async def test_a_transactional_mail_does_not_ask_for_the_audience(world: World) -> None:
    world.publish(a_sequence(an_email("intro", transactional=True), audience=VP))
    row = world.enrolled(world.contact(attributes={"role": "vp"}))
    world.contact(attributes={"role": "cfo"})

    assert isinstance(await world.send(row), Sent)


async def test_a_condition_of_exit_on_is_looked_at_before_each_mail(world: World) -> None:
    rule = ExitRule(name="became_vp", when=VP)
    world.publish(a_sequence(an_email("intro", transactional=True), exit_on=(rule,)))
    row = world.enrolled(world.contact())
    world.contact(attributes={"role": "vp"})

    outcome = await world.send(row)

    assert isinstance(outcome, Stopped)
    assert outcome.ending is not None
    assert (outcome.ending.name, outcome.ending.at) == ("became_vp", MONDAY)
    assert "the condition of became_vp has become true" in outcome.ending.why
    assert await world.mails() == []


async def test_a_mail_that_went_stays_sent_whoever_left_the_audience_since(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), audience=VP))
    row = world.enrolled(world.contact(attributes={"role": "vp"}))
    first = await world.send(row)
    world.contact(attributes={"role": "cfo"})

    assert await world.send(row) == first
