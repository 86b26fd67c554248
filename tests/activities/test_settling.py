"""What becomes of a mail in doubt."""

from uuid import UUID

from devstack.emulator.faults import Fault, FaultKind
from schemas.activities import SettleRequest
from schemas.ledger import shown
from schemas.outcomes import InDoubt, Sent, Settled
from storage.sending import sends
from storage.sending.sends import Outcome
from tests.activities.world import World
from tests.builders import MONDAY


async def test_a_mail_in_doubt_is_settled_as_not_sent_without_word_of_it(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    await world.emulator.arm(Fault(kind=FaultKind.UNAVAILABLE))
    doubt = await world.send(row)
    assert isinstance(doubt, InDoubt)

    settled = world.live.settle_send(SettleRequest(send=doubt.send, now=MONDAY))

    assert settled == Settled(accepted=False)
    assert world.sends_of(row)[0].state == "not_sent"
    assert isinstance(await world.send(row, resumes=1), InDoubt)


async def test_a_mail_in_doubt_is_settled_as_sent_by_word_of_it(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    await world.emulator.arm(Fault(kind=FaultKind.CLOSE_AFTER_ACCEPT))
    doubt = await world.send(row)
    assert isinstance(doubt, InDoubt)
    with world.engine.begin() as connection:
        sends.settle(connection, UUID(doubt.send), shown(MONDAY))

    settled = world.live.settle_send(SettleRequest(send=doubt.send, now=MONDAY))

    assert settled == Settled(accepted=True)
    assert await world.send(row) == Sent(send=doubt.send, at=MONDAY)


async def test_a_sequence_that_wants_it_sends_a_mail_in_doubt_again_but_once(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    await world.emulator.arm(Fault(kind=FaultKind.UNAVAILABLE, count=2))
    doubt = await world.send(row)
    assert isinstance(doubt, InDoubt)
    wanted = SettleRequest(send=doubt.send, now=MONDAY, resend=True)

    first = [world.live.settle_send(wanted) for _ in range(2)]
    again = await world.send(row)
    second = [world.live.settle_send(wanted) for _ in range(2)]

    assert first == [Settled(accepted=False, again=True)] * 2
    assert isinstance(again, InDoubt)
    assert second == [Settled(accepted=False)] * 2
    with world.engine.connect() as connection:
        ways = [one.cause for one in sends.changes_of(connection, UUID(doubt.send))]
    assert ways == ["claim", "lose", "resend", "claim", "lose", "give_up"]


async def test_a_mail_in_doubt_that_surely_was_not_written_goes_whatever_its_sequence_says(
    world: World,
) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    await world.emulator.arm(Fault(kind=FaultKind.UNAVAILABLE))
    doubt = await world.send(row)
    assert isinstance(doubt, InDoubt)
    with world.engine.begin() as connection:
        missed = Outcome(state="retry", at=MONDAY, reason="too slow")
        assert sends.record(connection, UUID(doubt.send), 1, missed)

    settled = world.live.settle_send(SettleRequest(send=doubt.send, now=MONDAY))

    assert settled == Settled(accepted=False, again=True)
    assert isinstance(await world.send(row), Sent)
    assert len(await world.mails()) == 1
