"""Breakers: opened where a bounce comes in, tried by a few mails, closed when these arrive."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from schemas.breakers import Breaker, Breakers
from schemas.outcomes import Braked, Enrolled, Sent
from starter.braking import Released, release, standing, stop
from starter.breaking import judge
from storage.schema.outgoing_tables import deliveries, notices
from storage.sending import rules
from tests.activities.breaking import (
    BLOCKED,
    HARD,
    HOUR,
    REPORTED,
    came_back,
    changes,
    looked,
    pause_left,
    went,
)
from tests.activities.world import OLGA, World
from tests.builders import MONDAY, a_sequence, an_email
from tests.storage.rivals import Rivals

TEXT = "---\nsubject: Hello\n---\nHi.\n"
OPS = "ops@acme.example"


def ruled(world: World, new: Breakers) -> None:
    with world.engine.begin() as connection:
        rules.put(connection, "breakers", new, by="test", at=MONDAY)


def bulk(world: World, people: int = 1, name: str = "welcome") -> list[Enrolled]:
    world.publish(a_sequence(an_email("intro"), name=name), files={"intro.md": TEXT}, sender=OLGA)
    contacts = [world.contact(email=f"{name}-{one}@customer.example") for one in range(people)]
    return [world.enrolled(one, name) for one in contacts]


def opened(world: World, people: int = 1) -> tuple[list[Enrolled], list[UUID]]:
    """Let 50 mails have gone to somebody else of which three bounced."""
    first, *rows = bulk(world, people + 1)
    mails = went(world, first, 50)
    came_back(world, mails[:3], **HARD)
    # The sender's is another matter.
    assert isinstance(
        release(world.engine, f"sender:{OLGA.email}", who="olga", at=MONDAY), Released
    )
    return rows, mails


def told(world: World) -> list[dict[str, object]]:
    with world.engine.connect() as connection:
        return [dict(one) for one in connection.scalars(select(notices.c.payload))]


async def test_mails_wait_once_too_many_bounce(world: World) -> None:
    first, row = bulk(world, people=2)
    mails = went(world, first, 50)
    came_back(world, mails[:2], **HARD)
    before = await world.send(row)
    came_back(world, mails[2:3], **HARD)

    # One went in between.
    why = "its sender is paused, by its breaker: 3 of 51 mails bounced (5.88 %; it opens at 5 %)"
    (other,) = bulk(world, name="other")
    kept = await world.send(row, occurrence=2)
    by_sender = await world.send(other)

    assert isinstance(before, Sent)
    assert isinstance(kept, Braked)
    assert kept.why == why
    assert isinstance(by_sender, Braked)
    assert by_sender.why == why
    assert [one.of for one in standing(world.engine)] == ["sender", "sequence"]
    assert changes(world) == [("opened", 51, 3, 0)] * 2


@pytest.mark.parametrize(
    ("what", "many", "opens"),
    [(BLOCKED, 50, False), (REPORTED, 1, False), (REPORTED, 2, True), (HARD, 2, False)],
)
def test_only_hard_bounces_and_several_complaints_open_it(
    world: World, what: dict[str, str], many: int, *, opens: bool
) -> None:
    (row,) = bulk(world)

    came_back(world, went(world, row, 50)[:many], **what)

    assert bool(standing(world.engine)) == opens


def test_an_event_that_comes_twice_counts_once(world: World) -> None:
    (row,) = bulk(world)
    mails = went(world, row, 50)

    for _ in range(3):
        came_back(world, mails[:2], **HARD)

    assert standing(world.engine) == []


def test_what_comes_late_belongs_to_a_mail_that_is_too_old(world: World) -> None:
    (row,) = bulk(world)
    mails = went(world, row, 50)
    looked(world, after=timedelta(days=8))

    came_back(world, mails[:10], **HARD)

    assert standing(world.engine) == []


def test_the_operators_are_told_once_when_it_opens_and_when_it_closes(world: World) -> None:
    ruled(world, Breakers(notify=OPS))
    rows, mails = opened(world)
    came_back(world, mails[3:20], **HARD)
    news = [one for one in told(world) if "sequence:welcome" in str(one["subject"])]
    ruled(world, Breakers(usual=None, notify=OPS))

    assert looked(world, after=HOUR) == ["closed"]
    assert [one["to"] for one in news] == [{"email": OPS, "name": ""}]
    assert "3 of 50 mails bounced" in str(news[0]["subject"])
    assert rows[0].row not in str(news)
    assert "Mails go on: sequence:welcome" in str(told(world)[-1]["subject"])


def test_a_url_is_posted_to_instead(world: World) -> None:
    ruled(world, Breakers(notify="https://ops.acme.example/hook"))
    opened(world)

    (one, _) = told(world)

    assert one["url"] == "https://ops.acme.example/hook"
    body = one["body"]
    assert isinstance(body, dict)
    assert (body["type"], body["change"], body["bounced"]) == ("postroad.breaker", "opened", 3)


async def test_after_an_hour_the_oldest_try_it_and_the_rest_follows_if_they_arrive(
    world: World,
) -> None:
    rows, mails = opened(world, people=25)
    for place, row in enumerate(rows):
        await world.send(row, due=MONDAY - timedelta(minutes=place))
    assert looked(world) == []

    assert looked(world, after=HOUR) == ["probing"]
    answers = [await world.send(row, due=MONDAY - timedelta(minutes=25)) for row in rows]
    still = looked(world, after=timedelta(minutes=1))
    closed = looked(world, after=HOUR)
    came_back(world, mails[10:40], **HARD)

    assert [isinstance(one, Braked) for one in answers] == [True] * 5 + [False] * 20
    assert still == ["probing"]
    assert closed == ["closed"]
    assert standing(world.engine) == []
    assert changes(world)[-1] == ("closed", 20, 0, 0)
    assert isinstance(await world.send(rows[0]), Sent)
    with world.engine.connect() as connection:
        paced = connection.scalars(select(deliveries.c.due_wall).order_by(deliveries.c.id)).all()
    assert len([one for one in paced if one is not None]) == 5


async def test_if_one_that_tries_it_bounces_it_waits_twice_as_long(world: World) -> None:
    rows, _ = opened(world, people=2)
    for row in rows:
        await world.send(row)
    looked(world, after=HOUR)
    sent = await world.send(rows[1])
    assert isinstance(sent, Sent)

    came_back(world, [UUID(sent.send)], **HARD)

    assert looked(world, after=timedelta(minutes=1)) == ["opened_again"]
    assert HOUR < pause_left(world) <= 2 * HOUR
    assert looked(world, after=HOUR) == []
    assert looked(world, after=HOUR) == ["probing"]


async def test_who_was_to_try_it_and_never_goes_leaves_the_place_to_another(world: World) -> None:
    rows, _ = opened(world, people=21)
    for row in rows[:20]:
        await world.send(row)
    looked(world, after=HOUR)
    await world.send(rows[20])
    for row in rows[:20]:
        world.ended(row)

    looked(world, after=timedelta(minutes=1))
    too_soon = await world.send(rows[20])
    looked(world, after=timedelta(minutes=15))

    assert isinstance(too_soon, Braked)
    assert isinstance(await world.send(rows[20]), Sent)


async def test_a_pause_of_ones_own_stays_whatever_the_breaker_does(world: World) -> None:
    (row,), _ = opened(world)
    await world.send(row)
    stop(world.engine, "sequence:welcome", who="olga", why="a look", at=MONDAY)
    looked(world, after=HOUR)

    kept = await world.send(row)
    first = release(world.engine, "sequence:welcome", who="olga", at=MONDAY)
    second = release(world.engine, "sequence:welcome", who="olga", at=MONDAY)

    assert isinstance(kept, Braked)
    assert kept.why == "its sequence is paused, by olga: a look"
    assert isinstance(first, Released)
    assert first.breaker == "open"
    assert isinstance(second, Released)
    assert second.breaker == "released"
    assert changes(world)[-1][0] == "released"
    assert isinstance(await world.send(row), Sent)


def test_rules_of_a_sequence_and_of_a_sender_count_for_them_alone(world: World) -> None:
    strict = Breaker(bounces=100, at_least=10)
    ruled(world, Breakers(sequences={"welcome": strict}, senders={OLGA.email: None}))
    (row,) = bulk(world)

    came_back(world, went(world, row, 20)[:1], **HARD)

    assert [(one.of, one.target, one.state) for one in standing(world.engine)] == [
        ("sequence", "welcome", "open")
    ]


def test_of_two_posts_at_once_one_opens_it(world: World) -> None:
    (row,) = bulk(world)
    ruled(world, Breakers(senders={OLGA.email: None}))
    came_back(world, went(world, row, 10)[:9], **HARD)
    ruled(world, Breakers(usual=Breaker(at_least=1), senders={OLGA.email: None}))
    with ThreadPoolExecutor() as threads, world.engine.connect() as connection:
        rivals = Rivals(world.engine, threads)
        first = judge(connection, [("sequence", "welcome")], MONDAY)
        second = rivals.start_blocked(lambda other: judge(other, [("sequence", "welcome")], MONDAY))
        connection.commit()

    assert (len(first), second.result()) == (1, [])
    assert len(standing(world.engine)) == 1
