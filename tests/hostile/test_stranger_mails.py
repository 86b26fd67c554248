"""Anybody can write to us: whatever comes is read, in no more time than its size is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.rendering.plain import plain_text
from inbound.contents import read_contents
from inbound.correlation import answered
from inbound.messages import read_mail
from inbound.mime import decoded
from inbound.multipart import parse_form
from inbound.tamed import MOST, tamed
from inbound.tokens import Keys
from tests.unit.inbound.mails import BOUNDARY, CONTENT_TYPE, PERSON, a_body, a_mail

KEYS = Keys.of(["a-secret-of-enough-length"])
MEGABYTE = 1_000_000


def nested(kind: bytes, levels: int) -> bytes:
    inner = b"".join(
        b"Content-Type: %s; boundary=b%d\r\n\r\n--b%d\r\n" % (kind, level, level)
        for level in range(levels)
    )
    return a_mail(without="Content-").partition(b"\r\n\r\n")[0] + b"\r\n" + inner + b"\r\nhello"


def long(line: str, size: int = MEGABYTE) -> bytes:
    name, _, unit = line.partition(": ")
    whole = f"{name}: {unit * (size // len(unit))}"
    return a_mail(whole, without=name)


BOMBS = {
    "comments in comments": a_mail("From: " + "(" * 100_000 + " ada@example.com", without="From"),
    "addresses": long("To: a@b.c,"),
    "angles": long("To: <"),
    "quotes": long('To: "\\'),
    "encoded words without an end": long("Subject: =?a?q?"),
    "ids without an end": long("References: <a"),
    "parameters": long('Content-Disposition: a;";'),
    "header lines": PERSON.partition(b"\r\n\r\n")[0] + b"\r\n" + b"a:b\r\n" * 400_000,
    "parts": a_mail('Content-Type: multipart/mixed; boundary="a"', without="Content-")
    + b"\r\n--a\r\n" * 200_000,
    "empty lines": PERSON + b"\n" * (5 * MEGABYTE),
    "parts in parts": nested(b"multipart/mixed", 800),
    "mails in mails": a_mail(without="Content-").partition(b"\r\n\r\n")[0]
    + b"\r\nContent-Type: message/rfc822\r\n\r\n" * 300,
}


@pytest.mark.parametrize("raw", BOMBS.values(), ids=BOMBS.keys())
def test_a_mail_that_is_made_to_keep_us_busy_is_read_as_far_as_that_goes(raw: bytes) -> None:
    mail = read_mail({"email": raw, "envelope": b"{}"})
    contents = read_contents(raw)

    assert mail is not None
    assert mail.message_id == "answer-1@example.com"
    assert contents.message_id == "answer-1@example.com"


def test_an_address_is_found_among_comments_without_an_end() -> None:
    raw = a_mail("From: " + "(" * 5_000 + " ada@example.com", without="From")

    mail = read_mail({"email": raw, "envelope": b"{}"})

    assert mail is not None
    assert mail.sender == "ada@example.com"


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "zlib", "no-such", ""])
def test_a_charset_that_is_none_of_texts_is_not_used(charset: str) -> None:
    assert decoded(b"abc-" + b"a" * MEGABYTE, [charset]) == "abc-" + "a" * MEGABYTE


UNENDED = (
    *("<!--", "<!-->", "<a ", "</a ", "<![CDATA[", "<?", "<!", "<", "&#", "<a b='", "<a b='>"),
    *("<script>", "<b>x", "<ul><li>", "<blockquote>x", "<pre>x", "<p></q>", "<a href=x>", "<a =>"),
)


@pytest.mark.parametrize("piece", UNENDED)
def test_html_without_an_end_is_text_all_the_same(piece: str) -> None:
    text = plain_text(tamed("<p>Yes, gladly.</p>" + piece * (MOST // len(piece))))

    assert text.startswith("Yes, gladly.")


def test_what_a_stranger_comments_out_is_no_text() -> None:
    html = "<!-- <b>unseen</b> --><p>3 < 4</p><![endif]--><?xml unseen?><p>seen<!-- to the end"

    assert plain_text(tamed(html)) == "3 < 4\n\nseen\n"


@given(st.binary(max_size=400))
def test_no_bytes_are_too_odd_for_a_mail(raw: bytes) -> None:
    for kept in (raw, PERSON + raw, raw + PERSON, PERSON.replace(b"\r\n\r\n", raw)):
        mail = read_mail({"email": kept, "envelope": raw})
        read_contents(kept)
        assert mail is not None
        answered(mail, KEYS)


@given(
    st.dictionaries(
        st.sampled_from(["headers", "text", "html", "envelope", "charsets", "attachment-info"]),
        st.one_of(st.binary(max_size=80), st.sampled_from([PERSON, b'{"a": {"type": 1}}', b"[1]"])),
    )
)
def test_no_form_is_too_odd(fields: dict[str, bytes]) -> None:
    form = parse_form(a_body(fields), CONTENT_TYPE)

    assert form is None or read_mail(form) is None or form.keys() >= {"headers"}
    read_contents(a_body(fields))


@given(st.binary(max_size=200), st.text(max_size=60))
def test_no_bytes_are_too_odd_for_a_form(body: bytes, content_type: str) -> None:
    parse_form(body, content_type)
    parse_form(f"--{BOUNDARY}".encode() + body, CONTENT_TYPE)


@given(st.text(alphabet="<>/!-?ab='\" &#;x\n", max_size=300))
def test_no_html_is_too_odd(html: str) -> None:
    plain_text(tamed(html))
