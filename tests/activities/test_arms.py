"""Which arm of a mail somebody gets: by lot, then the winner; what they got before, always."""

from datetime import timedelta

from schemas.contact import Contact
from schemas.outcomes import Sent
from schemas.steps import Arm, EmailStep
from storage.sending import winners
from storage.sending.winners import Named
from tests.activities.world import ORDER, World
from tests.builders import MONDAY, a_sequence, an_email
from workflows.deciding.variants import arm_of

_LATER = MONDAY + timedelta(days=7)


def _intro(*names: str) -> EmailStep:
    arms = tuple(
        Arm(name=name, weight=1, email="note" if name == "b" else "intro") for name in names
    )
    return an_email("intro", arms=arms)


def _publish(world: World, *names: str) -> EmailStep:
    intro = _intro(*names)
    world.publish(a_sequence(intro, an_email("note"), re_enroll="always", key=ORDER))
    return intro


def _promote(world: World, arm: str) -> None:
    named = Named(sequence="welcome", step="intro", arm=arm, evidence={}, at=MONDAY)
    with world.engine.begin() as connection:
        assert winners.name(connection, named)


def _drawn(world: World, arm: str, *names: str) -> Contact:
    """Find somebody whose lot is this arm."""
    for number in range(100):
        contact = world.contact(email=f"{arm}-{number}@customer.example")
        drawn = arm_of(_intro(*names), "welcome", contact.id, winner=None, kept=None)
        if drawn is not None and drawn.name == arm:
            return contact
    raise AssertionError("of a hundred lots one falls on each arm")


async def _sent_arm(world: World, contact: Contact, key: str | None = None) -> str | None:
    order = key or "first"
    row = world.enrolled(contact, key=order, data={"order": order})
    sent = await world.send(row, now=_LATER if key else MONDAY)
    assert isinstance(sent, Sent)
    return sent.arm


async def test_each_gets_the_mail_of_the_arm_that_was_drawn(world: World) -> None:
    _publish(world, "a", "b")

    arms = [await _sent_arm(world, _drawn(world, arm, "a", "b")) for arm in ("a", "b")]

    assert arms == ["a", "b"]
    assert [mail.subject for mail in await world.mails()] == [
        "Freight at your place",
        "One more thing",
    ]


async def test_whoever_comes_after_the_promotion_gets_the_winner(world: World) -> None:
    _publish(world, "a", "b")
    _promote(world, "b")

    assert await _sent_arm(world, _drawn(world, "a", "a", "b")) == "b"


async def test_what_somebody_got_before_is_got_again_whoever_has_won(world: World) -> None:
    _publish(world, "a", "b")
    contact = _drawn(world, "a", "a", "b")
    first = await _sent_arm(world, contact)
    _promote(world, "b")
    _publish(world, "b", "c", "a")

    assert (first, await _sent_arm(world, contact, key="again")) == ("a", "a")


async def test_an_arm_that_is_no_more_gives_way_to_the_winner(world: World) -> None:
    _publish(world, "a", "b")
    contact = _drawn(world, "a", "a", "b")
    first = await _sent_arm(world, contact)
    _promote(world, "b")
    _publish(world, "b", "c")

    assert (first, await _sent_arm(world, contact, key="again")) == ("a", "b")
