"""`POST /v3/mail/send` as the official client meets it."""

import re

import httpx
import pytest
from pydantic import JsonValue
from python_http_client.exceptions import BadRequestsError  # type: ignore[import-untyped] # untyped

from devstack.emulator.records import JsonObject
from tests.devstack.emulator.desk import KEY, MORNING, Desk, a_mail

JSON = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}


async def post(
    desk: Desk,
    *,
    json: JsonObject | None = None,
    content: bytes | None = None,
    headers: dict[str, str] = JSON,
) -> httpx.Response:
    return await desk.http.post("/v3/mail/send", json=json, content=content, headers=headers)


async def test_a_good_mail_is_accepted_with_an_empty_body_and_a_message_id(desk: Desk) -> None:
    answer = await desk.send(a_mail())

    assert answer.status_code == 202
    assert answer.body == b""
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", answer.headers["X-Message-Id"])
    assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= {
        name.lower() for name in answer.headers
    }


async def test_an_accepted_mail_lies_in_the_inbox_at_its_virtual_moment(desk: Desk) -> None:
    await desk.send(a_mail())

    (mail,) = await desk.client.mails()

    assert mail.sent_at == MORNING
    assert mail.recipient.email == "ada@example.com"
    assert mail.custom_args["seq_send_id"] == "send-1"


async def test_a_mail_without_a_virtual_moment_is_sent_in_real_time(desk: Desk) -> None:
    await desk.send(a_mail(custom_args={"seq_send_id": "send-1"}))

    (mail,) = await desk.client.mails()

    assert mail.sent_at == mail.accepted_at


async def test_each_recipient_of_a_request_gets_a_mail_of_their_own(desk: Desk) -> None:
    people: JsonValue = [
        {"to": [{"email": "a@example.com"}], "cc": [{"email": "b@example.com"}]},
        {"to": [{"email": "c@example.com"}], "custom_args": {"seq_send_id": "send-2"}},
    ]

    await desk.send(a_mail(personalizations=people))

    mails = await desk.client.mails()
    assert [mail.recipient.email[0] for mail in mails] == ["a", "b", "c"]
    assert [mail.custom_args["seq_send_id"] for mail in mails] == ["send-1", "send-1", "send-2"]


async def test_the_counts_tell_how_often_each_send_was_accepted(desk: Desk) -> None:
    await desk.send(a_mail())
    await desk.send(a_mail())
    await desk.send(a_mail(custom_args={"seq_send_id": "send-2"}))

    counts = await desk.client.counts()

    assert counts.accepted_by_send_id == {"send-1": 2, "send-2": 1}
    assert counts.answers == {"202": 3}


async def test_a_wrong_key_is_answered_as_sendgrid_does(desk: Desk) -> None:
    answer = await post(desk, json=a_mail(), headers={"Authorization": "Bearer SG.wrong"})

    assert answer.status_code == 401
    assert answer.json() == {
        "errors": [
            {
                "message": "The provided authorization grant is invalid, expired, or revoked",
                "field": None,
                "help": None,
            }
        ]
    }


async def test_a_missing_key_is_refused(desk: Desk) -> None:
    answer = await desk.http.post("/v3/mail/send", json=a_mail())

    assert answer.status_code == 401


async def test_another_content_type_is_refused(desk: Desk) -> None:
    answer = await post(desk, content=b"{}", headers=JSON | {"Content-Type": "text/plain"})

    assert answer.status_code == 415


async def test_a_mail_over_30_mb_is_refused(desk: Desk) -> None:
    answer = await post(desk, content=b" " * (30 * 1024 * 1024 + 1))

    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"no json", b'{"subject": "\\ud800"}'])
async def test_a_body_that_is_no_json_object_is_refused_in_sendgrids_shape(
    desk: Desk, body: bytes
) -> None:
    answer = await post(desk, content=body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "Bad Request"


async def test_a_body_that_is_not_utf8_is_refused_by_name(desk: Desk) -> None:
    answer = await post(desk, content=b'{"subject": "\xe9"}')

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "Invalid UTF8 in request."


async def test_a_bad_mail_is_refused_with_all_its_problems_at_once(desk: Desk) -> None:
    with pytest.raises(BadRequestsError) as refused:
        await desk.send({"from": {"email": "no address"}, "subject": "Hi"})

    fields = [error["field"] for error in refused.value.to_dict["errors"]]
    assert fields == ["from", "content", "personalizations"]
    assert await desk.client.mails() == []


async def test_sandbox_mode_checks_a_mail_without_sending_it(desk: Desk) -> None:
    answer = await desk.send(a_mail(mail_settings={"sandbox_mode": {"enable": True}}))

    assert answer.status_code == 200
    assert await desk.client.mails() == []
    assert await desk.client.events() == []


async def test_sandbox_mode_still_refuses_a_bad_mail(desk: Desk) -> None:
    with pytest.raises(BadRequestsError):
        await desk.send(a_mail(mail_settings={"sandbox_mode": {"enable": True}}, content=[]))


async def test_the_public_key_needs_the_api_key(desk: Desk) -> None:
    path = "/v3/user/webhooks/event/settings/signed/1"

    refused = await desk.http.get(path)
    given = await desk.http.get(path, headers=JSON)

    assert refused.status_code == 401
    assert given.json()["public_key"] == await desk.client.public_key()
