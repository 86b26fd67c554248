import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from inbound.events import UNREADABLE, MailEvent, parse_events
from schemas.suppression import Reason

SEND = UUID("0e5b5b58-4d3b-4c19-9a2e-2f6d1d5a7c11")
CLICK: dict[str, JsonValue] = {
    "email": "alex@example.com",
    "event": "click",
    "timestamp": 1513299900,
    "url": "http://example.com/blog/news.html",
    "url_offset": {"index": 0, "type": "html"},
    "sg_event_id": "kCAi1KttyQdEKHhdC-nuEA==",
    "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
    "seq_send_id": str(SEND),
}


def batch(*items: JsonValue) -> tuple[MailEvent, ...]:
    events = parse_events(json.dumps(list(items)).encode())
    assert events is not None
    return events


def one(**changes: JsonValue) -> MailEvent:
    (event,) = batch({**CLICK, **changes})
    return event


def test_a_click_is_read_with_all_that_we_use() -> None:
    event = one()

    assert event.kind == "click"
    assert event.at == datetime(2017, 12, 15, 1, 5, tzinfo=UTC)
    assert event.email == "alex@example.com"
    assert event.send == SEND
    assert event.provider_event == "kCAi1KttyQdEKHhdC-nuEA=="
    assert event.provider_id == "14c5d75ce93"
    assert event.url == "http://example.com/blog/news.html"
    assert event.item["url_offset"] == {"index": 0, "type": "html"}


@pytest.mark.parametrize("timestamp", ["1513299900", " 1513299900", 1513299900000])
def test_a_timestamp_may_be_written_in_several_ways(timestamp: JsonValue) -> None:
    assert one(timestamp=timestamp).at == datetime(2017, 12, 15, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "timestamp", [None, "", "soon", -1, True, 1.5, [], {}, "9" * 40, 10**20, "\u0661"]
)
def test_an_event_without_a_readable_timestamp_has_no_moment(timestamp: JsonValue) -> None:
    assert one(timestamp=timestamp).at is None


def test_the_providers_oddities_are_tolerated() -> None:
    event = one(
        event=" Click ",
        sg_message_id=" 14c5d75ce93.filter",
        category=["seq"],
        attempt="5",
        tls="1",
    )

    assert event.kind == "click"
    assert event.provider_id == "14c5d75ce93"


@pytest.mark.parametrize("value", ["", "not-a-uuid", None, 7, ["x"]])
def test_an_argument_that_is_no_send_id_is_let_pass(value: JsonValue) -> None:
    assert one(seq_send_id=value).send is None


def test_an_event_without_ids_is_read() -> None:
    (event,) = batch({"event": "bounce", "email": "a@example.com", "timestamp": 1513299900})

    assert (event.provider_event, event.provider_id, event.send) == (None, None, None)


def test_what_becomes_of_a_mail_to_an_owner_is_no_contacts() -> None:
    event = one(event="bounce", seq_send_id="", seq_notice="7")

    assert (event.email, event.send) == (None, None)
    assert event.item["seq_notice"] == "7"


def test_what_is_too_long_to_be_an_address_or_an_id_is_not_taken_for_one() -> None:
    event = one(email="x" * 255, sg_event_id="x" * 501)

    assert (event.email, event.provider_event) == (None, None)
    assert event.item["email"] == "x" * 255


def test_an_unknown_kind_is_kept() -> None:
    assert one(event="teleported").kind == "teleported"


@pytest.mark.parametrize("machine", [True, "true", 1])
def test_a_prefetched_open_is_known_as_a_machines(machine: JsonValue) -> None:
    assert one(event="open", sg_machine_open=machine).machine
    assert not one(event="open", sg_machine_open=False).machine


@pytest.mark.parametrize("broken", [None, 5, "text", [], {}, {"event": None}, {"event": " "}])
def test_a_broken_item_does_not_lose_its_neighbours(broken: JsonValue) -> None:
    before, unreadable, after = batch(CLICK, broken, {**CLICK, "event": "open"})

    assert (before.kind, unreadable.kind, after.kind) == ("click", UNREADABLE, "open")
    assert unreadable.item == {"item": broken}


def test_a_repeat_has_the_same_natural_key_under_another_event_id() -> None:
    assert one().natural_key == one(sg_event_id="another").natural_key


@pytest.mark.parametrize(
    "changes",
    [
        {"event": "open"},
        {"url": "http://example.com/other"},
        {"timestamp": 1513299901},
        {"email": "sam@example.com"},
        {"sg_message_id": "another.filter0001"},
        {"seq_send_id": "0e5b5b58-4d3b-4c19-9a2e-2f6d1d5a7c12"},
    ],
)
def test_different_events_have_different_natural_keys(changes: dict[str, JsonValue]) -> None:
    assert one().natural_key != one(**changes).natural_key


def test_account_events_are_told_apart_by_all_they_hold() -> None:
    suspended: dict[str, JsonValue] = {"event": "account_status_change", "timestamp": 1709142428}

    first, other = batch({**suspended, "x": 1}, {**suspended, "x": 2})

    assert first.natural_key != other.natural_key


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"event": "bounce", "type": "bounce", "status": "5.1.1"}, Reason.BOUNCED),
        (
            {"event": "bounce", "type": "bounce", "bounce_classification": "Invalid Address"},
            Reason.BOUNCED,
        ),
        ({"event": "bounce", "status": "5.1.10"}, Reason.BOUNCED),
        ({"event": "bounce", "type": "bounce", "status": "5.2.2"}, None),
        (
            {"event": "bounce", "type": "bounce", "bounce_classification": "Mailbox Unavailable"},
            None,
        ),
        ({"event": "bounce", "type": "blocked", "bounce_classification": "Invalid Address"}, None),
        ({"event": "bounce", "type": "blocked", "status": "5.1.1"}, None),
        ({"event": "deferred", "response": "400 try again later"}, None),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, Reason.UNSUBSCRIBED),
        ({"event": "dropped", "reason": "Bounced Address", "status": "5.0.0"}, Reason.BOUNCED),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, Reason.COMPLAINED),
        ({"event": "dropped", "reason": "Spam Content"}, None),
        ({"event": "dropped", "reason": "Recipient List over Package Quota"}, None),
        ({"event": "spamreport"}, Reason.COMPLAINED),
        ({"event": "unsubscribe"}, Reason.UNSUBSCRIBED),
        ({"event": "group_unsubscribe"}, Reason.UNSUBSCRIBED),
        ({"event": "group_resubscribe"}, None),
        ({"event": "open"}, None),
        ({"event": "click"}, None),
        ({"event": "teleported"}, None),
    ],
)
def test_only_what_concerns_the_recipient_suppresses(
    item: dict[str, JsonValue], reason: Reason | None
) -> None:
    (event,) = batch({"email": "a@example.com", "timestamp": 1513299900, **item})

    assert event.suppresses == reason


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'"text"', b"5", b"null", b"[", b"not json", b"[" * 100_000]
)
def test_what_is_no_json_array_is_no_batch(body: bytes) -> None:
    assert parse_events(body) is None


def test_a_byte_that_is_not_utf_8_costs_only_itself() -> None:
    body = json.dumps([{**CLICK, "useragent": "Moz"}, CLICK]).encode().replace(b"Moz", b"M\xffz")

    events = parse_events(body)

    assert events is not None
    assert [event.kind for event in events] == ["click", "click"]


def test_what_postgresql_cannot_keep_is_taken_out() -> None:
    event = one(useragent="nul\x00 and \ud800", odd=float("inf"), deep={"\x00name": ["\x00"]})

    assert event.item["useragent"] == "nul and ?"
    assert event.item["odd"] is None
    assert event.item["deep"] == {"name": [""]}


def test_a_deeply_nested_item_costs_only_its_depth() -> None:
    nested = json.dumps({**CLICK, "deep": "@"}).replace('"@"', "[" * 400 + "]" * 400)

    events = parse_events(f"[{nested},{json.dumps(CLICK)}]".encode())

    assert events is not None
    assert [event.kind for event in events] == ["click", "click"]


JSON_VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([*CLICK, "status", "type", "reason", "bounce_classification"])


@given(st.lists(st.dictionaries(NAMES, JSON_VALUES) | JSON_VALUES, max_size=4))
def test_every_item_of_any_array_becomes_one_storable_event(items: list[JsonValue]) -> None:
    events = parse_events(json.dumps(items).encode())

    assert events is not None
    assert len(events) == len(items)
    assert "\\u0000" not in json.dumps([event.item for event in events], allow_nan=False)


@given(st.binary(max_size=200))
def test_no_bytes_make_reading_fail(body: bytes) -> None:
    parse_events(body)
