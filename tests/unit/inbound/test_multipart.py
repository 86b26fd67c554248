import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbound.multipart import parse_form
from tests.unit.inbound.mails import BOUNDARY, CONTENT_TYPE, a_body


def test_fields_come_as_the_bytes_they_were() -> None:
    fields = {"email": b"\xff\x00\r\n--not-ours\r\n", "envelope": b"{}", "empty": b""}

    assert parse_form(a_body(fields), CONTENT_TYPE) == fields


def test_an_uploaded_file_counts_as_a_field() -> None:
    body = a_body({"email": b"x"}).replace(
        b'name="email"', b'name="email"; filename="mail.eml"\r\nContent-Type: message/rfc822'
    )

    assert parse_form(body, CONTENT_TYPE) == {"email": b"x"}


def test_of_two_fields_of_one_name_the_first_counts() -> None:
    second = a_body({"to": b"second"})
    body = a_body({"to": b"first"}).replace(f"--{BOUNDARY}--\r\n".encode(), second)

    assert parse_form(body, CONTENT_TYPE) == {"to": b"first"}


def test_a_digit_moved_from_the_signed_timestamp_does_not_hide_the_first_field() -> None:
    assert parse_form(b"2" + a_body({"headers": b"x", "to": b"y"}), CONTENT_TYPE) is None


def test_a_body_cut_short_is_no_form() -> None:
    body = a_body({"email": b"x" * 50})

    assert parse_form(body[:-20], CONTENT_TYPE) is None


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=xYzZY",
        "application/json",
        "multipart/form-data; boundary=other",
        "multipart/form-data; boundary=\u00fc",
    ],
)
def test_another_content_type_is_no_form(content_type: str) -> None:
    assert parse_form(a_body({"email": b"x"}), content_type) is None


@pytest.mark.parametrize("part", [b"", b"no headers", b"Content-Disposition: form-data\r\n\r\nx"])
def test_a_part_without_a_name_is_no_form(part: bytes) -> None:
    boundary = f"--{BOUNDARY}".encode()

    assert parse_form(boundary + b"\r\n" + part + b"\r\n" + boundary + b"--", CONTENT_TYPE) is None


@given(st.binary(max_size=100), st.text(max_size=60))
def test_no_bytes_make_reading_fail(body: bytes, boundary: str) -> None:
    parse_form(body, f"multipart/form-data; boundary={boundary}")
    parse_form(b"--xYzZY\r\n" + body + b"\r\n--xYzZY--", CONTENT_TYPE)
