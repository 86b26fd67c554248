"""What recipients do with a mail, seen from our webhooks."""

from datetime import date, timedelta

import pytest

from devstack.emulator.actions import Action, ActionKind, ActionRefusedError
from devstack.emulator.config import InboundMode, Switches
from devstack.emulator.records import Address, PostState
from tests.devstack.emulator.desk import DEFAULT, MORNING, Desk, Switchboard, a_desk

DAY_8 = MORNING + timedelta(days=7)
THREAD = {
    "Message-ID": "<s-2@mail.sender.example>",
    "References": "<s-1@mail.sender.example>",
}
ONE_CLICK_POST = "List-Unsubscribe=One-Click"


async def act(desk: Desk, mail_id: str, action: Action) -> None:
    await desk.client.act(mail_id, action)
    await desk.client.drain()


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        (ActionKind.OPEN, "open"),
        (ActionKind.MACHINE_OPEN, "open"),
        (ActionKind.CLICK, "click"),
        (ActionKind.UNSUBSCRIBE, "unsubscribe"),
        (ActionKind.SPAM_REPORT, "spamreport"),
        (ActionKind.BOUNCE, "bounce"),
        (ActionKind.MAILBOX_FULL, "bounce"),
        (ActionKind.BLOCKED, "bounce"),
        (ActionKind.DEFERRED, "deferred"),
    ],
)
async def test_an_action_is_told_with_the_sends_id_at_its_virtual_moment(
    desk: Desk, kind: ActionKind, event: str
) -> None:
    await act(desk, await desk.mail(), Action(kind=kind, at=DAY_8))

    told = desk.webhook.events()[-1]
    assert told["event"] == event
    assert told["timestamp"] == int(DAY_8.timestamp())
    assert told["seq_send_id"] == "send-1"


async def test_an_action_without_a_moment_comes_after_what_happened_last(desk: Desk) -> None:
    mail = await desk.mail()
    await act(desk, mail, Action(kind=ActionKind.OPEN, at=DAY_8))

    await act(desk, mail, Action(kind=ActionKind.CLICK))

    assert desk.webhook.events()[-1]["timestamp"] == int(DAY_8.timestamp())


async def test_a_click_names_its_link_and_the_links_place(desk: Desk) -> None:
    url = "https://sender.example/book"

    await act(desk, await desk.mail(), Action(kind=ActionKind.CLICK, url=url))

    event = desk.webhook.events()[-1]
    assert event["url"] == url
    assert event["url_offset"] == {"index": 1, "type": "html"}


async def test_a_click_on_no_link_of_the_mail_is_refused(desk: Desk) -> None:
    mail = await desk.mail()

    with pytest.raises(ActionRefusedError, match="no such link"):
        await desk.client.act(mail, Action(kind=ActionKind.CLICK, url="https://else.example"))


@pytest.mark.parametrize("kind", [ActionKind.OPEN, ActionKind.REPLY, ActionKind.SPAM_REPORT])
async def test_nobody_reads_a_mail_that_bounced(desk: Desk, kind: ActionKind) -> None:
    mail = await desk.mail(personalizations=[{"to": [{"email": "bounce@example.com"}]}])

    with pytest.raises(ActionRefusedError, match="not delivered"):
        await desk.client.act(mail, Action(kind=kind))


async def test_a_machines_open_is_marked_so(desk: Desk) -> None:
    await act(desk, await desk.mail(), Action(kind=ActionKind.MACHINE_OPEN))

    assert desk.webhook.events()[-1]["sg_machine_open"] is True


async def test_a_late_bounce_has_no_ids_at_all(desk: Desk) -> None:
    await act(desk, await desk.mail(), Action(kind=ActionKind.LATE_BOUNCE))

    event = desk.webhook.events()[-1]
    assert event["email"] == "ada@example.com"
    assert not {"sg_message_id", "smtp-id", "seq_send_id", "ip"} & event.keys()


async def test_a_reply_comes_back_in_its_thread(desk: Desk) -> None:
    mail = await desk.mail(headers=dict(THREAD), reply_to={"email": "r-token@parse.example"})

    await act(desk, mail, Action(kind=ActionKind.REPLY, text="Tuesday?", at=DAY_8))

    (heard,) = desk.webhook.inbound()
    reply = heard.mail
    assert reply["To"] == "r-token@parse.example"
    assert reply["From"] == "Ada <ada@example.com>"
    assert reply["Subject"] == "Re: A question"
    assert reply["In-Reply-To"] == THREAD["Message-ID"]
    assert reply["References"] == f"{THREAD['References']} {THREAD['Message-ID']}"
    assert reply["Date"].datetime == DAY_8
    assert reply["Auto-Submitted"] is None
    said, _, quoted = reply.get_content().partition("\r\n\r\n")
    assert said == "Tuesday?"
    assert quoted.startswith("On Mon, 01 Mar 2027 at 09:00, Rep <rep@sender.example> wrote:")


async def test_the_form_of_a_reply_has_the_fields_of_raw_mode(desk: Desk) -> None:
    await act(desk, await desk.mail(), Action(kind=ActionKind.REPLY))

    form = desk.webhook.inbound()[0].form
    assert form.keys() == {
        *("email", "to", "from", "subject", "envelope", "sender_ip", "SPF", "dkim", "charsets")
    }
    assert form["envelope"] == b'{"to": ["rep@sender.example"], "from": "ada@example.com"}'


async def test_parsed_mode_posts_each_field_in_its_own_charset(switchboard: Switchboard) -> None:
    switches = Switches(inbound_mode=InboundMode.PARSED)
    async with a_desk(switchboard, DEFAULT.model_copy(update={"switches": switches})) as desk:
        reply = Action(kind=ActionKind.REPLY, text="Grüße", charset="iso-8859-1")
        await act(desk, await desk.mail(), reply)

        form = desk.webhook.inbound()[0].form

    assert "email" not in form
    assert form["text"].startswith("Grüße".encode("iso-8859-1"))
    assert b'"text": "iso-8859-1"' in form["charsets"]
    assert b"In-Reply-To: " in form["headers"]


async def test_somebody_else_can_answer(desk: Desk) -> None:
    colleague = Address(email="colleague@example.com", name="Colleague")

    await act(desk, await desk.mail(), Action(kind=ActionKind.REPLY, sender=colleague))

    assert desk.webhook.inbound()[0].mail["From"] == "Colleague <colleague@example.com>"


@pytest.mark.parametrize(
    ("back", "says"), [(None, ""), (date(2027, 3, 15), "back on Monday, 15 March 2027")]
)
async def test_an_out_of_office_note_is_marked_as_automatic(
    desk: Desk, back: date | None, says: str
) -> None:
    await act(desk, await desk.mail(), Action(kind=ActionKind.OUT_OF_OFFICE, return_date=back))

    (heard,) = desk.webhook.inbound()
    assert heard.mail["Auto-Submitted"] == "auto-replied"
    assert heard.mail["Subject"] == "Automatic reply: A question"
    assert says in heard.mail.get_content()
    assert ("back on" in heard.mail.get_content()) is bool(says)
    assert b'"from": ""' in heard.form["envelope"]


async def test_an_ooo_address_answers_by_itself(desk: Desk) -> None:
    await desk.mail(personalizations=[{"to": [{"email": "otto+ooo@example.com"}]}])

    (heard,) = desk.webhook.inbound()
    assert heard.mail["Auto-Submitted"] == "auto-replied"
    assert heard.mail["Date"].datetime == MORNING + timedelta(minutes=1)


async def test_a_late_report_names_the_failed_address_and_our_mail(desk: Desk) -> None:
    mail = await desk.mail(headers=dict(THREAD))

    await act(desk, mail, Action(kind=ActionKind.LATE_REPORT))

    report = desk.webhook.inbound()[0].mail
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    kinds = [part.get_content_type() for part in report.iter_parts()]
    assert kinds == ["text/plain", "message/delivery-status", "text/rfc822-headers"]
    raw = report.as_string()
    assert "Final-Recipient: rfc822; ada@example.com" in raw
    assert "Action: failed" in raw
    assert f"Message-ID: {THREAD['Message-ID']}" in raw


async def test_a_one_click_unsubscribe_is_posted_to_the_mails_own_address(desk: Desk) -> None:
    headers = {
        "List-Unsubscribe": f"<{desk.webhook_address}/unsubscribe>",
        "List-Unsubscribe-Post": ONE_CLICK_POST,
    }
    mail = await desk.mail(headers=dict(headers))

    await act(desk, mail, Action(kind=ActionKind.ONE_CLICK_UNSUBSCRIBE, at=DAY_8))

    heard = desk.webhook.heard[-1]
    assert heard.path == "/unsubscribe"
    assert heard.body == ONE_CLICK_POST.encode()
    assert heard.headers["content-type"] == "application/x-www-form-urlencoded"
    assert heard.headers["date"] == "Mon, 08 Mar 2027 09:00:00 GMT"
    assert (await desk.client.mail(mail)).state == "unsubscribed"


async def test_a_mail_without_the_headers_offers_no_one_click(desk: Desk) -> None:
    mail = await desk.mail()

    with pytest.raises(ActionRefusedError, match="offers no one-click unsubscribe"):
        await desk.client.act(mail, Action(kind=ActionKind.ONE_CLICK_UNSUBSCRIBE))


async def test_an_inbound_mail_is_tried_again_after_a_server_error(desk: Desk) -> None:
    mail = await desk.mail()
    desk.webhook.answers.extend([503, 500])

    await act(desk, mail, Action(kind=ActionKind.REPLY))

    (post,) = (await desk.client.mail(mail)).posts
    assert [attempt.status for attempt in post.told.attempts] == [503, 500, 200]
    assert len({heard.body for heard in desk.webhook.inbound()}) == 1


@pytest.mark.parametrize("status", [302, 400, 403])
async def test_an_inbound_mail_is_lost_after_any_other_refusal(desk: Desk, status: int) -> None:
    mail = await desk.mail()
    desk.webhook.answers.append(status)

    await act(desk, mail, Action(kind=ActionKind.REPLY))

    (post,) = (await desk.client.mail(mail)).posts
    assert post.told.state is PostState.DROPPED
    assert [attempt.status for attempt in post.told.attempts] == [status]
