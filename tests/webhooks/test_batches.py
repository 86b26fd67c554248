"""What a batch of SendGrid's events asks of PostgreSQL: as much as it says, not as it is long."""

from collections.abc import Sequence

import httpx
import pytest
from pydantic import JsonValue
from sqlalchemy import event

from storage.rows import SendRow
from tests.webhooks.given import World, a_sequence
from tests.webhooks.posting import Sender, an_item

# Sends, contacts, locks, events, facts; who is told: enrollments, signals.
QUIET, TELLING = 5, 7
Item = dict[str, JsonValue]


@pytest.mark.parametrize("people", [1, 40])
async def test_events_that_nobody_is_told_of_cost_the_same_however_many_they_are(
    client: httpx.AsyncClient, sender: Sender, world: World, people: int
) -> None:
    mails = _mails(world, people)
    items = _each(mails, "processed") + _each(mails, "delivered")

    asked = await _asked(client, sender, world, items)

    assert len(asked) == QUIET, asked
    assert all(world.send_of(mail.id).delivered_at for mail in mails)


@pytest.mark.parametrize("people", [1, 40])
async def test_clicks_cost_the_same_however_many_enrollments_are_told(
    client: httpx.AsyncClient, sender: Sender, world: World, people: int
) -> None:
    mails = _mails(world, people)
    # Whose sequence is known is not read again.
    await sender.tell(client, *_each(mails[:1], "click", timestamp=1))

    asked = await _asked(client, sender, world, _each(mails, "click"))

    assert len(asked) == TELLING, asked


async def test_a_repeat_of_a_batch_costs_no_more_than_finding_out(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    items = _each(_mails(world, 10), "click")
    await sender.tell(client, *items)

    asked = await _asked(client, sender, world, items)

    assert len(asked) == QUIET - 1, asked


@pytest.mark.parametrize("strangers", [1, 40])
async def test_mails_that_are_not_ours_cost_the_same_however_many_they_are(
    client: httpx.AsyncClient, sender: Sender, world: World, strangers: int
) -> None:
    items = [an_item("open", email=f"{number}@elsewhere.example") for number in range(strangers)]

    asked = await _asked(client, sender, world, items)

    assert len(asked) == 3, asked


async def test_an_enrollment_that_an_event_of_the_batch_ends_hears_nothing_of_a_later_one(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    (mail,) = _mails(world, 1)
    later = int(mail.due_at.timestamp()) + 7200

    await sender.tell(
        client,
        an_item("click", mail, email="0@example.com", timestamp=later + 600),
        an_item("spamreport", mail, email="0@example.com", timestamp=later),
    )

    row = world.row(mail.enrollment_id)
    assert row.ending == "complained"
    assert [type(told).__name__ for told in world.told(row)] == ["Complaint"]


async def test_events_of_one_batch_are_told_in_the_order_of_their_moments(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    (mail,) = _mails(world, 1)
    moments = [int(mail.due_at.timestamp()) + minutes * 60 for minutes in (9, 3, 6)]

    await sender.tell(
        client,
        *(an_item("click", mail, email="0@example.com", timestamp=one) for one in moments),
    )

    told = [one.at.timestamp() for one in world.told(world.row(mail.enrollment_id)) if one.at]
    assert told == sorted(moments)


def _mails(world: World, people: int) -> list[SendRow]:
    addresses = [f"{number}@example.com" for number in range(people)]
    return [world.send(world.enrollment(a_sequence(), email)) for email in addresses]


def _each(mails: Sequence[SendRow], kind: str, **more: JsonValue) -> list[Item]:
    return [
        an_item(kind, mail, email=f"{number}@example.com", **more)
        for number, mail in enumerate(mails)
    ]


async def _asked(
    client: httpx.AsyncClient, sender: Sender, world: World, items: Sequence[Item]
) -> list[str]:
    asked: list[str] = []

    def note(*call: object) -> None:
        asked.append(str(call[2]))

    event.listen(world.engine, "before_cursor_execute", note)
    await sender.tell(client, *items)
    event.remove(world.engine, "before_cursor_execute", note)
    return asked
