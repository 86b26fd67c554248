"""What the event webhook is told of a mail that was accepted."""

import base64
from datetime import timedelta

import pytest
from pydantic import JsonValue

from devstack.emulator.actions import Action, ActionKind
from devstack.emulator.records import JsonObject
from tests.devstack.emulator.desk import MORNING, Desk, a_mail

SENT = int(MORNING.timestamp())


def to(email: str) -> JsonValue:
    return [{"to": [{"email": email}]}]


def names(events: list[JsonObject]) -> list[JsonValue]:
    return [event["event"] for event in events]


async def test_a_mail_is_processed_and_then_delivered_in_virtual_time(desk: Desk) -> None:
    await desk.mail()

    told = [(event["event"], event["timestamp"]) for event in desk.webhook.events()]
    assert told == [("processed", SENT), ("delivered", SENT + 1)]


async def test_a_batch_is_compact_json_that_ends_in_crlf(desk: Desk) -> None:
    await desk.mail()

    (heard,) = desk.webhook.heard
    assert heard.body.startswith(b'[{"')
    assert heard.body.endswith(b"}]\r\n")
    assert b'": ' not in heard.body
    assert heard.headers["content-type"] == "application/json"


async def test_an_event_carries_custom_args_category_and_ids_of_the_right_shape(
    desk: Desk,
) -> None:
    answer = await desk.send(a_mail())
    await desk.client.drain()

    message_id = answer.headers["X-Message-Id"]
    event = desk.webhook.events()[0]
    assert event["seq_send_id"] == "send-1"
    assert event["category"] == ["seq"]
    assert str(event["sg_message_id"]).startswith(f"{message_id}.filter")
    assert str(event["smtp-id"]).startswith(f"<{message_id}@")
    assert base64.urlsafe_b64decode(f"{event['sg_event_id']}==").startswith(b"processed-")


async def test_sendgrids_own_fields_win_over_custom_args(desk: Desk) -> None:
    await desk.mail(custom_args={"event": "x", "email": "x", "seq_send_id": "send-1"})

    event = desk.webhook.events()[0]
    assert event["event"] == "processed"
    assert event["email"] == "ada@example.com"


@pytest.mark.parametrize(
    ("address", "story"),
    [
        ("ada@example.com", ["processed", "delivered"]),
        ("bounce@example.com", ["processed", "bounce"]),
        ("ada+Bounce@example.com", ["processed", "bounce"]),
        ("ada+full@example.com", ["processed", "bounce"]),
        ("ada+blocked@example.com", ["processed", "bounce"]),
        ("ada+drop@example.com", ["dropped"]),
        ("ada+deferred@example.com", ["processed", "deferred", "delivered"]),
        ("bouncer@example.com", ["processed", "delivered"]),
        ("delivered+x@example.com", ["processed", "delivered"]),
    ],
)
async def test_a_magic_address_has_its_fate(desk: Desk, address: str, story: list[str]) -> None:
    await desk.mail(personalizations=to(address))

    assert names(desk.webhook.events()) == story


@pytest.mark.parametrize(
    ("address", "kind", "classification"),
    [
        ("ada+bounce@example.com", "bounce", "Invalid Address"),
        ("ada+full@example.com", "bounce", "Mailbox Unavailable"),
        ("ada+blocked@example.com", "blocked", "Reputation"),
    ],
)
async def test_a_bounce_says_which_kind_it_is(
    desk: Desk, address: str, kind: str, classification: str
) -> None:
    await desk.mail(personalizations=to(address))

    event = desk.webhook.events()[1]
    assert event["type"] == kind
    assert event["bounce_classification"] == classification
    assert event["reason"]
    assert event["status"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (ActionKind.BOUNCE, "Bounced Address"),
        (ActionKind.LATE_BOUNCE, "Bounced Address"),
        (ActionKind.SPAM_REPORT, "Spam Reporting Address"),
        (ActionKind.UNSUBSCRIBE, "Unsubscribed Address"),
    ],
)
async def test_who_is_on_a_suppression_list_is_dropped_with_its_reason(
    desk: Desk, kind: ActionKind, reason: str
) -> None:
    await desk.client.act(await desk.mail(), Action(kind=kind))

    await desk.mail(personalizations=to("ADA@example.com"))

    event = desk.webhook.events()[-1]
    assert event["event"] == "dropped"
    assert event["reason"] == reason


async def test_a_blocked_address_is_tried_again(desk: Desk) -> None:
    await desk.client.act(await desk.mail(), Action(kind=ActionKind.BLOCKED))

    await desk.mail()

    assert names(desk.webhook.events())[-1] == "delivered"


async def test_a_bypass_delivers_to_a_listed_address(desk: Desk) -> None:
    await desk.client.act(await desk.mail(), Action(kind=ActionKind.UNSUBSCRIBE))

    await desk.mail(mail_settings={"bypass_list_management": {"enable": True}})

    assert names(desk.webhook.events())[-1] == "delivered"


async def test_an_unsubscribed_group_stops_only_its_own_mails(desk: Desk) -> None:
    mail = await desk.mail(asm={"group_id": 7})
    await desk.client.act(mail, Action(kind=ActionKind.GROUP_UNSUBSCRIBE))

    await desk.mail(asm={"group_id": 7})
    await desk.mail(asm={"group_id": 8})

    assert names(desk.webhook.events())[-3:] == ["dropped", "processed", "delivered"]


async def test_a_forgiven_address_gets_mail_again(desk: Desk) -> None:
    await desk.client.act(await desk.mail(), Action(kind=ActionKind.BOUNCE))
    assert await desk.client.suppressions() == {"ada@example.com": ["bounces"]}

    await desk.client.forgive("ada@example.com")
    await desk.mail()

    assert names(desk.webhook.events())[-1] == "delivered"


async def test_a_scheduled_mail_is_stamped_with_its_schedule(desk: Desk) -> None:
    later = MORNING + timedelta(hours=2)

    await desk.mail(send_at=int(later.timestamp()))

    assert desk.webhook.events()[0]["timestamp"] == int(later.timestamp())
