"""SendGrid's own lists pulled: who is missing here is suppressed, and nobody is freed."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from activities.mailing.suppression_lists import ListsError, SuppressionLists
from devstack.emulator.actions import Action, ActionKind
from schemas.outcomes import Enrolled
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from starter.incoming.pulling import Pulled, pull
from storage.people import suppressions
from storage.schema.outgoing_tables import deliveries
from tests.activities.world import KEY, World
from tests.builders import MONDAY


@pytest.fixture
def lists(world: World) -> SuppressionLists:
    return SuppressionLists(KEY, world.url)


async def mailed(world: World, email: str) -> tuple[Enrolled, str]:
    row = world.enrolled(world.contact(email=email))
    await world.send(row)
    return row, (await world.mails())[-1].id


async def pulled(world: World, lists: SuppressionLists, since: datetime | None = None) -> Pulled:
    return await asyncio.to_thread(pull, world.engine, lists, since=since)


def signals(world: World, row: Enrolled) -> list[str]:
    workflow = f"{row.sequence.name}.{row.contact_id}"
    found = select(deliveries.c.signal).where(deliveries.c.workflow_id == workflow)
    with world.engine.connect() as connection:
        return list(connection.scalars(found))


def reasons(world: World, email: str) -> list[Reason]:
    with world.engine.connect() as connection:
        return [one.reason for one in suppressions.standing(connection, email)]


@pytest.mark.parametrize(
    ("kind", "reason", "signal"),
    [
        (ActionKind.UNSUBSCRIBE, Reason.UNSUBSCRIBED, "unsubscribe"),
        (ActionKind.SPAM_REPORT, Reason.COMPLAINED, "complaint"),
        (ActionKind.BOUNCE, Reason.BOUNCED, "bounce"),
    ],
)
async def test_who_is_missing_is_suppressed_once_and_the_enrollment_hears_of_it(
    world: World, lists: SuppressionLists, kind: ActionKind, reason: Reason, signal: str
) -> None:
    world.publish()
    row, mail = await mailed(world, f"{kind.value}@customer.example")
    await world.emulator.act(mail, Action(kind=kind, at=MONDAY))

    first, second = await pulled(world, lists), await pulled(world, lists)

    assert first.missing >= 1
    assert second == Pulled(read=first.read, added=dict.fromkeys(first.added, 0))
    assert reasons(world, f"{kind.value}@customer.example") == [reason]
    assert signals(world, row) == [signal]


async def test_who_came_back_after_sendgrid_listed_them_stays_free(
    world: World, lists: SuppressionLists
) -> None:
    world.publish()
    email = "back@customer.example"
    _, mail = await mailed(world, email)
    await world.emulator.act(mail, Action(kind=ActionKind.UNSUBSCRIBE, at=MONDAY))
    out = Suppression(
        target=email,
        reason=Reason.UNSUBSCRIBED,
        scope=SCOPE_BY_REASON[Reason.UNSUBSCRIBED],
        source="page",
        at=MONDAY,
    )
    with world.engine.begin() as connection:
        suppressions.suppress(connection, out)
        suppressions.release(connection, out, by="the contact", at=MONDAY + timedelta(hours=1))

    await pulled(world, lists)

    assert reasons(world, email) == []


async def test_a_list_of_many_pages_is_read_to_its_end(
    world: World,
) -> None:
    world.publish()
    for name in ("p1", "p2"):
        _, mail = await mailed(world, f"{name}@customer.example")
        await world.emulator.act(mail, Action(kind=ActionKind.UNSUBSCRIBE, at=MONDAY))

    await pulled(world, SuppressionLists(KEY, world.url, page=1))

    assert reasons(world, "p1@customer.example") == [Reason.UNSUBSCRIBED]
    assert reasons(world, "p2@customer.example") == [Reason.UNSUBSCRIBED]


async def test_only_what_is_younger_is_read_if_a_day_is_given(
    world: World, lists: SuppressionLists
) -> None:
    world.publish()
    _, mail = await mailed(world, "old@customer.example")
    await world.emulator.act(mail, Action(kind=ActionKind.UNSUBSCRIBE, at=MONDAY))

    found = await pulled(world, lists, MONDAY + timedelta(days=1))

    assert sum(found.read.values()) == 0
    assert reasons(world, "old@customer.example") == []


async def test_a_wrong_key_is_said_and_changes_nothing(world: World) -> None:
    with pytest.raises(ListsError, match="POSTROAD_SENDGRID_API_KEY"):
        await pulled(world, SuppressionLists("SG.wrong", world.url))


async def test_a_sendgrid_that_is_not_there_is_said(world: World) -> None:
    with pytest.raises(ListsError, match="cannot be reached"):
        await pulled(world, SuppressionLists(KEY, "http://127.0.0.1:9"))
