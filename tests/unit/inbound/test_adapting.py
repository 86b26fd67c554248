"""Mappings: what any JSON means, and who may have signed it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from inbound.adapting.mappings import Adapter, Signing
from inbound.adapting.paths import Constant, Joined, Payload, Source, value_at
from inbound.adapting.reading import Ignored, Malformed, Meant, meaning, moment, parse
from inbound.adapting.signing import Request, verdict_of
from inbound.signature import Verdict
from starter.adapters.loading import READY, read_adapter

READY_MADE = [read_adapter(file) for file in sorted(READY.glob("*.yaml"))]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
# Words of the mappings themselves, so that some entries fit.
WORDS = st.sampled_from(
    [
        *("type", "event", "payload", "data", "object", "id", "email", "objectId", "created"),
        *("subscriptionType", "propertyName", "propertyValue", "detail", "time", "customer"),
        *("primaryObjectId", "mergedObjectIds", "newObjectId"),
    ]
)
VALUES = st.sampled_from(
    [
        *("invitee.created", "checkout.session.completed", "contact.propertyChange", "email"),
        "contact.merge",
        *("zen:event-type:ticket.created", "ada@example.com", "\x00\ud800", "9" * 400),
    ]
)
LIKE_OURS = st.recursive(
    ANY | VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=8),
    max_leaves=20,
)
NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
ITEM: JsonValue = {"a": {"b": [{"c": 1}, {"c": None}]}, "n": 7, "t": "x", "no": False}


def at(source: Source) -> JsonValue:
    return value_at(source, Payload(ITEM, {"whole": [ITEM]}, {"x-topic": "orders"}))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a.b[0].c", 1),
        ("a.b[1].c", None),
        ("a.b[9].c", None),
        ("a.b.c", None),
        ("n.n", None),
        ("no", False),
        ("@body.whole[0].t", "x"),
        ("@header.X-Topic", "orders"),
        ("@header.x-other", None),
        (("gone", "t", "n"), "x"),
        (Constant(value=[1]), [1]),
        (Joined(join=("t", "n")), "x-7"),
        (Joined(join=("t", "gone")), None),
    ],
)
def test_a_path_leads_to_its_value_or_to_nothing(source: Source, value: JsonValue) -> None:
    assert at(source) == value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (1560921076, "2019-06-19T05:11:16+00:00"),
        (1462216307945, "2016-05-02T19:11:47.945000+00:00"),
        ("1560921077", "2019-06-19T05:11:17+00:00"),
        ("2026-03-03T14:12:07.672717030Z", "2026-03-03T14:12:07.672717+00:00"),
        ("2021-12-31T19:00:00-05:00", "2022-01-01T00:00:00+00:00"),
    ],
)
def test_a_moment_is_read_as_services_write_it(written: JsonValue, read: str) -> None:
    found = moment(written)

    assert found is not None
    assert found.isoformat() == read


@pytest.mark.parametrize("written", ["2026-03-03T14:12:07", "soon", "²", True, None, [], 1e300, -1])
def test_what_is_no_moment_is_none(written: JsonValue) -> None:
    assert moment(written) is None


@pytest.mark.parametrize("adapter", READY_MADE, ids=lambda adapter: adapter.about)
@given(body=LIKE_OURS, headers=st.dictionaries(st.text(), st.text(), max_size=3))
def test_no_json_whatever_makes_a_mapping_stumble(
    adapter: Adapter, body: JsonValue, headers: dict[str, str]
) -> None:
    value = parse(json.dumps(body).encode())
    read = value if isinstance(value, Malformed) else meaning(adapter, value, headers)

    if not isinstance(read, Malformed):
        assert all(isinstance(one, Meant | Ignored) for one in read)


@given(st.binary())
def test_no_bytes_whatever_make_parsing_stumble(body: bytes) -> None:
    parse(body)


@given(st.binary(), st.dictionaries(st.sampled_from(["stripe-signature"]), st.text()))
def test_no_header_whatever_is_taken_for_a_signature(body: bytes, headers: dict[str, str]) -> None:
    signing = Signing(header="Stripe-Signature", form="pairs", of=("timestamp", ".", "body"))

    judged = verdict_of(signing, ["secret"], Request("POST", "https://x", headers, body), NOW)

    assert judged is not Verdict.GENUINE


def test_a_documented_signature_fits() -> None:
    # The example of Zendesk's archived page, which signed the body first.
    signing = Signing(
        header="X-Zendesk-Webhook-Signature",
        encoding="base64",
        of=("body", "timestamp"),
        timestamp_header="X-Zendesk-Webhook-Signature-Timestamp",
    )
    headers = {
        "x-zendesk-webhook-signature": "tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw=",
        "x-zendesk-webhook-signature-timestamp": "2021-07-25T10:00:00Z",
    }
    request = Request("POST", "https://x", headers, b'{"say": "hello"}')
    secret = "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA="  # noqa: S105  the page's own example
    signed_at = datetime(2021, 7, 25, 10, tzinfo=UTC)

    assert verdict_of(signing, ["x", secret], request, signed_at) is Verdict.GENUINE
    late = signed_at + timedelta(minutes=6)
    assert verdict_of(signing, [secret], request, late) is Verdict.OUT_OF_TIME
    assert verdict_of(signing, ["x"], request, signed_at) is Verdict.FORGED
    assert verdict_of(signing, [], request, signed_at) is Verdict.FORGED


@pytest.mark.parametrize(
    "signature",
    [
        {"header": "X", "of": ["timestamp"]},
        {"header": "X", "of": ["timestamp", "body"]},
        {"header": "X", "of": ["id", "body"]},
        {"header": "X", "secret": "in the file"},
    ],
)
def test_a_rule_of_signing_that_proves_nothing_is_none(signature: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Signing.model_validate(signature)
