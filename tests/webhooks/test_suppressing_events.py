import httpx
import pytest
from pydantic import JsonValue

from schemas.events import Bounce, Complaint, Unsubscribe
from schemas.suppression import Reason
from tests.webhooks.given import World, deaf, with_receipt
from tests.webhooks.posting import Sender, an_item

HARD: dict[str, JsonValue] = {"type": "bounce", "status": "5.1.1"}


async def test_a_hard_bounce_suppresses_and_ends_every_enrollment_of_the_contact(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row, other = world.enrollment(), world.enrollment(deaf())

    await sender.tell(client, an_item("bounce", world.send(row), **HARD))

    assert world.reasons() == [Reason.BOUNCED]
    assert (world.ending(row), world.ending(other)) == ("bounced", "bounced")
    assert [told.step for told in world.told(row) if isinstance(told, Bounce)] == ["intro"]
    assert [told.step for told in world.told(other) if isinstance(told, Bounce)] == [None]


async def test_a_late_bounce_without_any_id_is_known_by_its_address(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment()

    await sender.tell(client, {**an_item("bounce", email="Ada@Example.com"), **HARD})

    assert world.ending(row) == "bounced"
    assert world.reasons() == [Reason.BOUNCED]


async def test_a_soft_bounce_ends_nothing_and_suppresses_nobody(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment()

    await sender.tell(client, an_item("bounce", world.send(row), type="bounce", status="5.2.2"))

    assert world.ending(row) is None
    assert world.reasons() == []
    assert [told.hard for told in world.told(row) if isinstance(told, Bounce)] == [False]


async def test_a_bounce_of_an_address_left_behind_does_not_end_what_goes_to_the_new_one(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment()
    send = world.send(row)

    await sender.tell(client, an_item("bounce", send, email="old@example.com", **HARD))

    assert world.ending(row) is None
    assert world.reasons("old@example.com") == [Reason.BOUNCED]
    assert world.reasons() == []


async def test_a_complaint_ends_what_holds_marketing_alone(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row, orders = world.enrollment(), world.enrollment(with_receipt())

    await sender.tell(client, an_item("spamreport", world.send(row)))

    assert world.reasons() == [Reason.COMPLAINED]
    assert (world.ending(row), world.ending(orders)) == ("complained", None)
    assert [type(event) for event in world.told(orders)] == [Complaint]


@pytest.mark.parametrize("kind", ["unsubscribe", "group_unsubscribe"])
async def test_an_unsubscribe_at_sendgrid_counts_as_one_with_us(
    client: httpx.AsyncClient, sender: Sender, world: World, kind: str
) -> None:
    row = world.enrollment()

    await sender.tell(client, an_item(kind, world.send(row)))

    assert world.reasons() == [Reason.UNSUBSCRIBED]
    assert world.ending(row) == "unsubscribed"
    assert [type(event) for event in world.told(row)] == [Unsubscribe]


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("Unsubscribed Address", (Reason.UNSUBSCRIBED, "unsubscribed")),
        ("Bounced Address", (Reason.BOUNCED, "bounced")),
        ("Spam Reporting Address", (Reason.COMPLAINED, "complained")),
    ],
    ids=["unsubscribed", "bounced", "complained"],
)
async def test_a_dropped_mail_teaches_what_sendgrid_knew(
    client: httpx.AsyncClient, sender: Sender, world: World, words: str, known: tuple[Reason, str]
) -> None:
    row = world.enrollment()

    await sender.tell(client, an_item("dropped", world.send(row), reason=words))

    assert (*world.reasons(), world.ending(row)) == known


@pytest.mark.parametrize(
    "item",
    [
        an_item("deferred", response="400 try again later"),
        an_item("bounce", type="blocked", bounce_classification="Reputation"),
        an_item("dropped", reason="Spam Content"),
        an_item("group_resubscribe"),
        an_item("teleported"),
    ],
    ids=lambda item: item["event"] + str(item.get("type", "")),
)
async def test_what_is_not_the_recipients_doing_suppresses_nobody(
    client: httpx.AsyncClient, sender: Sender, world: World, item: dict[str, JsonValue]
) -> None:
    row = world.enrollment()
    send = world.send(row)

    await sender.tell(client, {**item, "seq_send_id": str(send.id)})

    assert world.reasons() == []
    assert world.ending(row) is None
    assert len(world.kinds()) == 1
