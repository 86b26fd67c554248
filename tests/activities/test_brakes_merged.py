"""Brakes on contacts that are found to be one: who was not to be mailed is not mailed."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from schemas.outcomes import Braked, Enrolled, Refused, Sent
from starter import braking
from starter.braking import release, standing, stop
from starter.incoming.merging import Merged, Merger, merge_contacts
from storage.people import contacts, merging
from tests.activities.capped import told
from tests.activities.world import World
from tests.builders import MONDAY, a_sequence, an_email
from tests.storage.rivals import until_they_wait

TEXT = "---\nsubject: Hello\n---\nHi.\n"
ADA, BOB = "ada@customer.example", "bob@elsewhere.example"


def in_both(world: World) -> tuple[Enrolled, Enrolled]:
    """Enroll Ada in one sequence and Bob in another."""
    ada, bob = world.contact(), world.contact(email=BOB)
    for name in ("welcome", "other"):
        world.publish(a_sequence(an_email("intro"), name=name), files={"intro.md": TEXT})
    return world.enrolled(ada), world.enrolled(bob, "other")


def stopped(world: World, email: str, why: str = "they rang") -> braking.Stopped:
    answer = stop(world.engine, f"contact:{email}", who="olga", why=why, at=MONDAY)
    assert isinstance(answer, braking.Stopped)
    return answer


def waited(world: World, email: str) -> int:
    answer = release(world.engine, f"contact:{email}", who="olga", at=MONDAY)
    assert not isinstance(answer, Refused)
    return answer.waited


def merged(world: World) -> None:
    merger = Merger(keep=ADA, other=BOB, by="kim", at=MONDAY)
    assert isinstance(merge_contacts(world.engine, merger), Merged)


async def test_a_brake_on_the_other_keeps_back_the_mails_of_both(world: World) -> None:
    ada, bob = in_both(world)
    stopped(world, BOB)

    merged(world)

    assert isinstance(await world.send(ada), Braked)
    assert isinstance(await world.send(bob), Braked)
    assert [(one.target, one.who, one.waiting) for one in standing(world.engine)] == [
        (ada.contact_id, "olga", 2)
    ]


async def test_who_waited_for_the_brake_on_the_other_is_told_of_its_release(world: World) -> None:
    _, bob = in_both(world)
    stopped(world, BOB)
    await world.send(bob)

    merged(world)

    assert waited(world, ADA) == 1
    assert [one.asks for one in told(world, bob)] == [1]
    assert isinstance(await world.send(bob), Sent)


async def test_of_two_brakes_the_one_on_the_kept_stays_and_all_wait_for_it(world: World) -> None:
    ada, bob = in_both(world)
    stopped(world, ADA, "of ada")
    stopped(world, BOB, "of bob")
    for row in (ada, bob):
        await world.send(row)

    merged(world)

    assert [(one.target, one.why, one.waiting) for one in standing(world.engine)] == [
        (ada.contact_id, "of ada", 2)
    ]
    assert waited(world, BOB) == 2
    assert isinstance(await world.send(ada), Sent)


def test_who_is_stopped_while_they_are_merged_is_stopped_as_the_kept_one(world: World) -> None:
    ada, bob = world.contact(), world.contact(email=BOB)

    with ThreadPoolExecutor(1) as threads, world.engine.begin() as held:
        contacts.lock_all(held, [ada.id, bob.id], for_good=True)
        stopping = threads.submit(partial(stopped, world, BOB))
        until_they_wait(world.engine, held, [stopping])
        merging.move(held, bob, ada.id, "kim", MONDAY)
        held.commit()

    assert stopping.result(timeout=30).new
    assert [one.target for one in standing(world.engine)] == [ada.id]
