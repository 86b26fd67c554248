"""The inbox pages, as a browser gets them."""

import base64

import pytest

from devstack.emulator.actions import Action, ActionKind
from tests.devstack.emulator.desk import Desk

HOSTILE = '<script>alert(1)</script><p onclick="x()">Hello</p>'


async def page(desk: Desk, path: str) -> str:
    answer = await desk.http.get(path)
    assert answer.status_code == 200
    return answer.text


async def test_an_empty_inbox_says_so(desk: Desk) -> None:
    assert "No mail yet" in await page(desk, "/")


async def test_the_inbox_lists_mails_with_their_state_moment_and_step(desk: Desk) -> None:
    args = {"seq_at": "2027-03-01T09:00:00Z", "seq_sequence": "outbound", "seq_step": "intro"}
    mail = await desk.mail(custom_args=dict(args))

    inbox = await page(desk, "/")

    assert f'href="/mails/{mail}"' in inbox
    assert "Mon 1 Mar 2027, 09:00 UTC" in inbox
    assert "outbound · intro" in inbox
    assert "delivered" in inbox


async def test_the_inbox_is_searched(desk: Desk) -> None:
    await desk.mail(subject="Needle")

    assert "Needle" in await page(desk, "/?text=needle")
    assert "No mail has" in await page(desk, "/?text=nothing")


async def test_what_a_mail_says_is_never_markup_of_the_page(desk: Desk) -> None:
    mail = await desk.mail(subject=HOSTILE, content=[{"type": "text/plain", "value": HOSTILE}])

    assert HOSTILE not in await page(desk, "/")
    assert HOSTILE not in await page(desk, f"/mails/{mail}")


async def test_the_html_body_is_walled_off(desk: Desk) -> None:
    mail = await desk.mail(content=[{"type": "text/html", "value": HOSTILE}])

    answer = await desk.http.get(f"/mails/{mail}/html")

    assert answer.text == HOSTILE
    policy = answer.headers["content-security-policy"]
    assert "sandbox;" in policy
    assert "default-src 'none'" in policy


async def test_a_mails_page_has_a_button_for_each_link(desk: Desk) -> None:
    shown = await page(desk, f"/mails/{await desk.mail()}")

    assert "Click “see”" in shown
    assert "Click “book”" in shown
    assert 'value="https://sender.example/book"' in shown


@pytest.mark.parametrize(
    "kind", ["reply", "out_of_office", "open", "click", "unsubscribe", "bounce", "spam_report"]
)
async def test_a_button_posts_the_webhook_and_shows_its_answer(desk: Desk, kind: str) -> None:
    mail = await desk.mail()
    before = len(desk.webhook.heard)

    form = {"kind": kind, "text": "", "return_date": ""}
    answer = await desk.http.post(f"/mails/{mail}/actions", data=form)
    desk.webhook.answers.clear()

    assert answer.status_code == 303
    assert len(desk.webhook.heard) == before + 1
    assert (await page(desk, answer.headers["location"])).count("webhook answered 200") == 3


async def test_the_page_says_that_a_reply_was_lost(desk: Desk) -> None:
    mail = await desk.mail()
    desk.webhook.answers.append(400)

    await desk.http.post(f"/mails/{mail}/actions", data={"kind": "reply", "text": "Hi"})

    assert "webhook answered 400, not tried again" in await page(desk, f"/mails/{mail}")


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"kind": "click", "url": "https://else.example"}, "This mail has no such link."),
        ({"kind": "dance"}, "The form is not filled in right: kind."),
        ({"kind": "out_of_office", "return_date": "soon"}, "not filled in right: return_date."),
    ],
)
async def test_a_refused_button_says_why(desk: Desk, form: dict[str, str], says: str) -> None:
    answer = await desk.http.post(f"/mails/{await desk.mail()}/actions", data=form)

    assert answer.status_code == 409
    assert says in answer.text


async def test_the_state_is_what_happened_last(desk: Desk) -> None:
    mail = await desk.mail()

    await desk.client.act(mail, Action(kind=ActionKind.CLICK))
    await desk.client.act(mail, Action(kind=ActionKind.REPLY))

    assert "replied" in await page(desk, "/")


async def test_a_mail_that_is_not_there_is_not_found(desk: Desk) -> None:
    answer = await desk.http.get("/mails/none")

    assert answer.status_code == 404


async def test_a_mails_page_lists_its_attachments_to_be_saved(desk: Desk) -> None:
    held = base64.b64encode(b"<script>").decode()
    mail = await desk.mail(
        attachments=[{"content": held, "filename": 'a "<b>".html', "type": "text/html"}]
    )

    shown = await page(desk, f"/mails/{mail}")
    file = await desk.http.get(f"/mails/{mail}/attachments/0")

    assert "a &#34;&lt;b&gt;&#34;.html" in shown
    assert "text/html, 8 bytes" in shown
    assert file.content == b"<script>"
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''a%20%22%3Cb%3E%22.html"
    )


async def test_an_attachment_that_is_not_there_is_not_found(desk: Desk) -> None:
    answer = await desk.http.get(f"/mails/{await desk.mail()}/attachments/0")

    assert answer.status_code == 404
