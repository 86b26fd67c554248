"""Language rule 28 where all happens at once: real transactions of many connections."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import count

import pytest
from sqlalchemy import select

from schemas.activities import EndRequest
from schemas.contact import Contact
from schemas.outcomes import Enrolled, Refused, Waiting
from schemas.progress import Ending
from storage.schema.turn_tables import turns
from tests.activities.turning import Answer, ask, contenders, on_record, publish
from tests.activities.world import World
from tests.builders import MONDAY

MINUTE = timedelta(minutes=1)


def at_once(deeds: Iterable[Callable[[], Answer]]) -> list[Answer]:
    with ThreadPoolExecutor(8) as threads:
        return [done.result() for done in [threads.submit(deed) for deed in deeds]]


def asking(world: World, contact: Contact, names: Iterable[str]) -> list[Callable[[], Answer]]:
    return [partial(ask, world, name, contact) for name in names]


def served(world: World, contact: Contact) -> list[str]:
    """Let whoever has the contact begin and end, one after another, until nobody has it."""
    order: list[str] = []
    for minutes in count(1):
        has = [one for one in contenders(world) if one.state == "holds"]
        if not has:
            return order
        (one,) = has
        at = MONDAY + minutes * MINUTE
        answer = ask(world, one.sequence, contact, at)
        assert isinstance(answer, Enrolled)
        over = EndRequest(
            row=answer.row, ending=Ending(name="completed", at=at), rank=1000, timeline=()
        )
        world.live.end_enrollment(over)
        order.append(one.sequence)
    raise AssertionError


@pytest.mark.parametrize("on_lost", ["wait", "exit"])
@pytest.mark.parametrize("priorities", [(1, 1, 1, 1, 1, 1), (0, 1, 2, 3, 4, 5), (2, 0, 2, 1, 0, 1)])
def test_of_all_who_ask_at_once_each_has_its_turn_alone(
    world: World, priorities: tuple[int, ...], on_lost: str
) -> None:
    contact = world.contact()
    names = [f"s{number}" for number in range(len(priorities))]
    for name, priority in zip(names, priorities, strict=True):
        publish(world, name, priority, on_lost=on_lost)

    answers = at_once(asking(world, contact, names))

    assert sum(isinstance(answer, Waiting) for answer in answers) <= len(names) - 1
    has = [one for one in contenders(world) if one.state == "holds"]
    assert [one.priority for one in has] == [max(priorities)]
    order = served(world, contact)
    ranks = [priorities[int(name[1:])] for name in order]
    assert ranks == sorted(ranks, reverse=True)
    assert [one.state for one in contenders(world)] == ["over"] * len(names)
    lost = [one.sequence for one in contenders(world) if one.ended_as == "lost_slot"]
    assert sorted([*order, *lost]) == names


def test_endings_and_askings_at_once_leave_nobody_behind(world: World) -> None:
    contact = world.contact()
    names = [f"s{number}" for number in range(6)]
    for number, name in enumerate(names):
        publish(world, name, number % 3, on_lost="exit" if number % 2 else "wait")
    first = ask(world, "s0", contact)
    assert isinstance(first, Enrolled)
    over = EndRequest(row=first.row, ending=Ending(name="replied", at=MONDAY), rank=10, timeline=())

    def ended() -> Answer:
        world.live.end_enrollment(over)
        return first

    at_once([*asking(world, contact, names[1:4]), ended, *asking(world, contact, names[4:])])

    has = [one.sequence for one in contenders(world) if one.state == "holds"]
    assert len(has) == 1
    served(world, contact)
    assert {one.state for one in contenders(world)} == {"over"}
    assert len(contenders(world)) == len(names)
    assert on_record(world, first.row).ended_at == MONDAY


def test_many_contacts_taken_over_at_once_wait_for_nobody_in_a_circle(world: World) -> None:
    people = [world.contact(email=f"p{number}@customer.example") for number in range(4)]
    for name, priority in (("low", 1), ("high", 2)):
        publish(world, name, priority)
    deeds = [deed for one in people for deed in asking(world, one, ("low", "high"))]

    answers = at_once(deeds)

    assert not any(isinstance(answer, Refused) for answer in answers)
    with world.engine.connect() as connection:
        found = connection.execute(select(turns.c.sequence).where(turns.c.state == "holds"))
        assert found.scalars().all() == ["high"] * len(people)
