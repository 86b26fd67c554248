"""Reading what the project says of sending beside its caps: `breakers` and `rates`."""

import re
from collections.abc import Mapping as Table
from typing import NamedTuple, TypeVar

from authoring.language.rules import read_share
from authoring.language.senders import read_address
from authoring.text.documents import Mapping, Node, Scalar
from authoring.text.faults import Findings, Slip
from authoring.text.fields import Fields, Reader, entries_of, fields_of, keys, shown
from authoring.text.readers import calendar_days, duration, name, parsed, text, whole
from schemas.breakers import Breaker, Breakers
from schemas.rates import Rate, Rates, WarmUp

_RATES = "bounces complaints at_least within probe_after"
BREAKER_KEYS = keys(_RATES)
BREAKERS_KEYS = keys(f"{_RATES} sequences senders notify")
MOST_JUDGED_BY = 20_000
"""The most mails that a breaker may ask for before it judges: no more are counted."""
OFF = "off"
DOMAIN_RATE_KEYS = keys("per_second per_hour per_day")
RATE_KEYS = keys("per_second per_hour per_day warm_up")
WARM_UP_KEYS = keys("from times")
RATES_KEYS = keys("sender senders domain domains")
MOST_PER_SECOND = 1_000
"""The most mails a second that a rate may allow, and accordingly more an hour and a day."""

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


def read_rates(node: Node, findings: Findings) -> Rates | None:
    """Read `{sender: {per_second: 5, per_day: 2000, warm_up: {…}}, domain: {per_hour: 500}}`."""
    fields = fields_of(node, findings, "`rates`", RATES_KEYS)
    if fields is None:
        return None
    sender, domain = fields.get("sender", _rate(Rate())), fields.get("domain", _domain_rate(Rate()))
    senders = fields.get("senders", _by(read_address, _rate(sender or Rate()))) or {}
    domains = fields.get("domains", _by(_domain, _domain_rate(domain or Rate()))) or {}
    return Rates(
        sender=sender,
        senders={whose.lower(): rate for whose, rate in senders.items()},
        domain=domain,
        domains={name.lower(): rate for name, rate in domains.items()},
    )


def _rate(usual: Rate, known: Table[str, str] = RATE_KEYS) -> Reader[Rate]:
    def read(node: Node, findings: Findings) -> Rate | None:
        fields = fields_of(node, findings, "a rate", known)
        if fields is None:
            return None
        limits = {
            key: fields.get(key, whole(1, MOST_PER_SECOND * seconds))
            for key, seconds in _SECONDS.items()
        }
        said = {key: value for key, value in limits.items() if value is not None}
        warm_up = fields.get("warm_up", _warm_up) if "warm_up" in fields else usual.warm_up
        rate = usual.model_copy(update={**said, "warm_up": warm_up})
        if "warm_up" in fields and rate.per_day is None:
            problem = "`warm_up` grows up to `per_day`, and there is none"
            findings.add(fields.key_at("warm_up"), "warm_up", problem, "add `per_day: 2000`, say")
        return rate

    return read


def _domain_rate(usual: Rate) -> Reader[Rate]:
    return _rate(usual, DOMAIN_RATE_KEYS)


def _warm_up(node: Node, findings: Findings) -> WarmUp | None:
    fields = fields_of(node, findings, "`warm_up`", WARM_UP_KEYS)
    if fields is None:
        return None
    first = fields.need("from", whole(1, MOST_PER_SECOND))
    times = fields.need("times", lambda one, found: parsed(one, found, _times))
    return None if first is None or times is None else WarmUp(first=first, times=times)


def _times(text: str) -> float | Slip:
    number = float(text) if _NUMBER.fullmatch(text.strip()) else 0.0
    if _SLOWEST <= number <= _FASTEST:
        return number
    problem = f"`{text.strip()}` is not between {_SLOWEST} and {_FASTEST}"
    return Slip(text=text.strip(), problem=problem, mend="write it like `1.5`")


def _domain(node: Node, findings: Findings) -> str | None:
    domain = text(node, findings)
    if domain is None or _DOMAIN.fullmatch(domain):
        return domain
    findings.add(node.at, domain, f"`{domain}` is not a domain of mail", "write `gmail.com`, say")
    return None


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


_SECONDS = {"per_second": 1, "per_hour": 3_600, "per_day": 86_400}
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})?", re.ASCII)
_SLOWEST, _FASTEST = 1.05, 10
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)


def _notify(node: Node, findings: Findings) -> str | None:
    if isinstance(node, Scalar) and shown(node).strip().startswith("https://"):
        return text(node, findings)
    return read_address(node, findings)
