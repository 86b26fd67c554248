"""Reading what the project says of sending beside its caps: `breakers`."""

from collections.abc import Mapping as Table
from typing import NamedTuple, TypeVar

from authoring.language.rules import read_share
from authoring.language.senders import read_address
from authoring.text.documents import Mapping, Node, Scalar
from authoring.text.faults import Findings
from authoring.text.fields import Fields, Reader, entries_of, fields_of, keys, shown
from authoring.text.readers import calendar_days, duration, name, text, whole
from schemas.breakers import Breaker, Breakers

_RATES = "bounces complaints at_least within probe_after"
BREAKER_KEYS = keys(_RATES)
BREAKERS_KEYS = keys(f"{_RATES} sequences senders notify")
MOST_JUDGED_BY = 20_000
"""The most mails that a breaker may ask for before it judges: no more are counted."""
OFF = "off"

T = TypeVar("T")


def read_breakers(node: Node, findings: Findings) -> Breakers | None:
    """Read `{bounces: 5%, complaints: 0.1%, at_least: 50, …}`, or `off`."""
    if shown(node).strip() == OFF:
        return Breakers(usual=None)
    fields = fields_of(node, findings, "`breakers`", BREAKERS_KEYS)
    if fields is None:
        return None
    usual = _breaker(fields, Breaker())

    def own(inner: Node, found: Findings) -> _Own | None:
        return _own(inner, found, usual)

    sequences = fields.get("sequences", _by(name, own)) or {}
    senders = fields.get("senders", _by(read_address, own)) or {}
    return Breakers(
        usual=usual,
        sequences={whose: one.breaker for whose, one in sequences.items()},
        senders={whose.lower(): one.breaker for whose, one in senders.items()},
        notify=fields.get("notify", _notify),
    )


class _Own(NamedTuple):
    breaker: Breaker | None


def _own(node: Node, findings: Findings, usual: Breaker) -> _Own | None:
    if shown(node).strip() == OFF:
        return _Own(None)
    fields = fields_of(node, findings, "a breaker", BREAKER_KEYS)
    return None if fields is None else _Own(_breaker(fields, usual))


def _breaker(fields: Fields, usual: Breaker) -> Breaker:
    read = {
        "bounces": fields.get("bounces", read_share),
        "complaints": fields.get("complaints", read_share),
        "at_least": fields.get("at_least", whole(1, MOST_JUDGED_BY)),
        "within": fields.get("within", calendar_days),
        "probe_after": fields.get("probe_after", duration),
    }
    said = {key: value for key, value in read.items() if value is not None}
    return usual.model_copy(update=said)


def _by(key_reader: Reader[str], reader: Reader[T]) -> Reader[Table[str, T]]:
    def read(node: Node, findings: Findings) -> Table[str, T] | None:
        if not isinstance(node, Mapping):
            problem = "this must be a mapping of names to what holds for each"
            findings.add(node.at, shown(node), problem)
            return None
        found: dict[str, T] = {}
        for key, value in entries_of(node, findings):
            called, one = key_reader(key, findings), reader(value, findings)
            if called is not None and one is not None:
                found[called] = one
        return found

    return read


def _notify(node: Node, findings: Findings) -> str | None:
    if isinstance(node, Scalar) and shown(node).strip().startswith("https://"):
        return text(node, findings)
    return read_address(node, findings)
