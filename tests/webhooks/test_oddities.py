import json

import httpx
import pytest
from pydantic import JsonValue

from tests.unit.inbound.mails import a_mail, an_envelope
from tests.webhooks.given import World
from tests.webhooks.posting import Sender, an_item, post_mail

ODD: list[JsonValue] = [
    "x" * 5000,
    "\x00",
    "\ud800",
    "a@" + "b" * 300 + ".com",
    "@",
    "a@b@c",
    "a@xn--",
    "ä@ö.ß",
    "a@\u3002",
    "a@exa mple.com",
    "",
    None,
    -1,
    10**400,
    1.5,
    [],
    {"deep": [[[[]]]]},
    "'; DROP TABLE contacts; --",
    "%s",
]
FIELDS = ["email", "sg_event_id", "sg_message_id", "seq_send_id", "timestamp", "url", "event"]


@pytest.mark.parametrize("field", FIELDS)
async def test_no_oddity_in_an_event_makes_sendgrid_come_again(
    client: httpx.AsyncClient, sender: Sender, world: World, field: str
) -> None:
    row = world.enrollment()
    odd = [{**an_item("spamreport"), field: value} for value in ODD]
    good = an_item("click", world.send(row))

    answer = await sender.post(client, json.dumps([*odd, good]).encode())

    assert answer.status_code == 204
    assert "click" in world.kinds()


@pytest.mark.parametrize(
    "line",
    [
        "From: =?x-unknown?q?=FF?= <\x00@\x00>",
        "From: " + "x" * 5000 + "@example.com",
        "From: a@" + "b." * 400,
        "From: <>",
        "From: a@xn--, b@\u3002",
        "Subject: \x00\udcff",
        "Message-ID: <" + "x" * 9000 + ">",
        "References: " + "<a@b> " * 3000,
    ],
    ids=["nul", "long", "labels", "nobody", "punycode", "bytes", "long-id", "many-ids"],
)
async def test_no_oddity_in_a_mail_makes_sendgrid_come_again(
    client: httpx.AsyncClient, world: World, line: str
) -> None:
    row = world.enrollment()
    name = line.partition(":")[0]
    kept = a_mail(without=name).replace(b"\r\n\r\n", b"\r\n@@\r\n\r\n", 1)
    mail = kept.replace(b"@@", line.encode(errors="surrogateescape"))

    answer = await post_mail(client, {"email": mail, "envelope": an_envelope("x\x00@in.example")})

    assert answer.status_code == 204
    assert world.ending(row) in (None, "replied")
