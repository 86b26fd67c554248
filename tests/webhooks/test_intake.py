import asyncio
import json

import httpx
import pytest
from pydantic import JsonValue
from sqlalchemy import Engine, text

from tests.webhooks.given import World, a_sequence
from tests.webhooks.posting import Sender, an_item

CROWD = [f"person{number}@example.com" for number in range(12)]


async def test_what_fails_in_the_middle_leaves_nothing_and_is_whole_when_it_comes_again(
    client: httpx.AsyncClient, sender: Sender, world: World, engine: Engine
) -> None:
    row = world.enrollment()
    complaint = an_item("spamreport", world.send(row))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE deliveries RENAME TO hidden"))

    broken = await sender.post(client, json.dumps([complaint]).encode())
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO deliveries"))
    before = (world.kinds(), world.reasons(), world.ending(row))
    await sender.tell(client, complaint)

    assert broken.status_code == 500
    assert before == ([], [], None)
    assert (world.kinds(), world.ending(row)) == (["spamreport"], "complained")
    assert len(world.told(row)) == 1


@pytest.mark.parametrize("kind", ["spamreport", "click", "unsubscribe"])
async def test_batches_that_come_at_once_in_any_order_all_get_through_and_count_once(
    client: httpx.AsyncClient, sender: Sender, world: World, kind: str
) -> None:
    rows = [world.enrollment(email=email) for email in CROWD]
    items: list[JsonValue] = [
        an_item(kind, world.send(row), email=email) for row, email in zip(rows, CROWD, strict=True)
    ]
    batches = [items, items[::-1], items[6:] + items[:6], items[::2]]

    answers = await asyncio.gather(
        *(sender.post(client, json.dumps(batch).encode()) for batch in batches)
    )

    assert [answer.status_code for answer in answers] == [204] * 4
    assert [len(world.told(row)) for row in rows] == [1] * 12
    assert [world.kinds(email) for email in CROWD] == [[kind]] * 12


async def test_of_two_endings_of_one_minute_the_graver_counts_whichever_comes_first(
    client: httpx.AsyncClient, api: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment(a_sequence())
    at = "2026-03-03T14:30:20Z"

    await api.post(
        "/v1/events", json={"event": "meeting_booked", "contact": row.contact_id, "at": at}
    )
    first = world.ending(row)
    await sender.tell(client, an_item("spamreport"))

    assert (first, world.ending(row)) == ("meeting_booked", "complained")
