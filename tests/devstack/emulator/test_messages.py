"""The message that a recipient's mail server gets."""

from email import message_from_string
from email.message import EmailMessage
from email.policy import default

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from devstack.emulator.config import Switches
from devstack.emulator.intake import mails_of
from devstack.emulator.links import links_of, one_click_url
from devstack.emulator.messages import build_message
from devstack.emulator.records import JsonObject, Mail
from devstack.emulator.replies import human_reply, late_report, out_of_office
from devstack.emulator.shapes import is_address
from devstack.emulator.validation import problems_of
from tests.devstack.emulator.desk import DEFAULT, MORNING, Desk, Switchboard, a_desk, a_mail

OURS = "<s-1@mail.sender.example>"


NASTY = st.text(min_size=1, max_size=40)
TYPES = st.sampled_from(["text", "a/", "/b", "x/y z", "text/csv", "image/png", "ü/ü"])
ADDRESSES = st.from_regex(
    r"[a-z.+'!#$%&*/=?^_`{|}~-]{1,12}@[a-zäöüß-]{1,10}\.example", fullmatch=True
).filter(is_address)


def the_mail(payload: JsonObject) -> Mail:
    return mails_of(payload, "a" * 22, MORNING)[0]


def as_received(payload: JsonObject) -> EmailMessage:
    raw = build_message(the_mail(payload)).as_bytes().decode("ascii")
    message = message_from_string(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def body_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).strip()


def test_a_mail_has_both_bodies_and_leaves_at_its_virtual_moment() -> None:
    message = as_received(a_mail())

    assert message.get_content_type() == "multipart/alternative"
    assert body_of(message, "plain").startswith("Hello Ada")
    assert body_of(message, "html").startswith("<p>Hello Ada")
    assert message["Date"].datetime == MORNING


def test_the_same_mail_is_the_same_message() -> None:
    mail = the_mail(a_mail())

    assert build_message(mail).as_bytes() == build_message(mail).as_bytes()


def test_letters_of_any_language_survive() -> None:
    content: JsonObject = {"type": "text/plain", "value": "Grüße, Ωμέγα ☃\n" + "long " * 300}

    message = as_received(
        a_mail(subject="Grüße ☃", content=[content], reply_to={"email": "a@bücher.example"})
    )

    assert message["Subject"] == "Grüße ☃"
    assert body_of(message, "plain").split() == str(content["value"]).split()
    assert message["Reply-To"].addresses[0].domain == "xn--bcher-kva.example"


def test_a_long_unsubscribe_address_is_not_broken() -> None:
    address = "<https://sender.example/u/" + "x" * 300 + ">"

    message = as_received(a_mail(headers={"List-Unsubscribe": address}))

    assert (
        f"List-Unsubscribe: {address}\r\n"
        in build_message(the_mail(a_mail(headers={"List-Unsubscribe": address})))
        .as_bytes()
        .decode()
    )
    assert message["List-Unsubscribe"] == address


def test_a_line_break_in_a_value_starts_no_header() -> None:
    message = as_received(
        a_mail(subject="Hi\r\nBcc: x@example.com", headers={"X-A": "1\r\nX-B: 2"})
    )

    assert message["Bcc"] is None
    assert message["X-B"] is None


def test_an_attachment_comes_along() -> None:
    attachment: JsonObject = {"content": "YWJj", "filename": "a.txt", "type": "text/plain"}

    message = as_received(a_mail(attachments=[attachment]))

    (part,) = message.iter_attachments()
    assert part.get_filename() == "a.txt"
    assert part.get_content().strip() == "abc"


async def test_the_senders_own_message_id_is_kept(desk: Desk) -> None:
    mail = await desk.client.mail(await desk.mail(headers={"Message-ID": OURS}))

    assert dict(mail.headers)["Message-ID"] == OURS


async def test_the_senders_own_message_id_is_replaced_if_switched_so(
    switchboard: Switchboard,
) -> None:
    config = DEFAULT.model_copy(update={"switches": Switches(keep_message_id=False)})
    async with a_desk(switchboard, config) as desk:
        mail = await desk.client.mail(await desk.mail(headers={"message-id": OURS}))

    assert dict(mail.headers)["Message-ID"] == f"<{mail.message_id}@geopod-ismtpd-0>"
    assert OURS not in mail.raw


def test_the_links_are_those_of_the_html_in_order() -> None:
    links = links_of(the_mail(a_mail()))

    assert [(link.url, link.words, link.index) for link in links] == [
        ("https://sender.example/case", "see", 0),
        ("https://sender.example/book", "book", 1),
    ]


def test_a_mail_without_html_has_the_links_of_its_text() -> None:
    text: JsonObject = {"type": "text/plain", "value": "See https://sender.example/case."}

    (link,) = links_of(the_mail(a_mail(content=[text])))

    assert link.url == "https://sender.example/case"
    assert link.part == "text"


def test_one_click_needs_both_headers() -> None:
    both = {
        "List-Unsubscribe": "<mailto:u@sender.example>, <https://sender.example/u>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    first = {"List-Unsubscribe": both["List-Unsubscribe"]}

    assert one_click_url(the_mail(a_mail(headers=dict(both)))) == "https://sender.example/u"
    assert one_click_url(the_mail(a_mail(headers=dict(first)))) is None


@settings(max_examples=60)
@given(words=NASTY, header=NASTY, kind=TYPES, address=ADDRESSES)
def test_what_passes_the_rules_can_always_be_sent_and_answered(
    words: str, header: str, kind: str, address: str
) -> None:
    person: JsonValue = {"email": address, "name": words}
    payload = a_mail(
        subject=words,
        personalizations=[{"to": [person], "cc": [{"email": "c@example.com", "name": header}]}],
        reply_to=person,
        headers={"References": header, "Message-ID": words},
        content=[{"type": "text/plain", "value": words}, {"type": kind, "value": "x"}],
        attachments=[{"content": "YQ==", "filename": "a " + header.strip(), "type": kind}],
    )
    assume(not problems_of(payload, MORNING))
    mail = the_mail(payload)

    letters = [human_reply(mail, MORNING, words), out_of_office(mail, MORNING, None)]

    assert build_message(mail).as_bytes().isascii()
    assert late_report(mail, MORNING).message.as_bytes()
    assert all(letter.message.as_bytes() for letter in letters)
