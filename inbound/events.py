"""SendGrid's event webhook: its JSON as typed values, however loosely it was written."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from math import isfinite
from uuid import UUID

from pydantic import AwareDatetime, JsonValue

from schemas.suppression import Reason
from schemas.values import Facts, Value

SEND_ID = "seq_send_id"
"""The custom argument by which our mails carry the id of their send."""

NOTICE_ID = "seq_notice"
"""The custom argument by which our mails to owners carry the id of their notice."""

UNREADABLE = "unreadable"
"""The kind of an item that is no event; it is stored like any other."""

# https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
_OF_ACCEPTED_MAILS = frozenset(
    {
        "processed",
        "deferred",
        "delivered",
        "bounce",
        "dropped",
        "open",
        "click",
        "spamreport",
        "unsubscribe",
        "group_unsubscribe",
    }
)
_REASON_BY_KIND = {
    "spamreport": Reason.COMPLAINED,
    "unsubscribe": Reason.UNSUBSCRIBED,
    "group_unsubscribe": Reason.UNSUBSCRIBED,
}
_REASON_BY_DROP = {
    "unsubscribed address": Reason.UNSUBSCRIBED,
    "bounced address": Reason.BOUNCED,
    "spam reporting address": Reason.COMPLAINED,
}
# Seconds beyond this would lie in the year 5138: Single Send's samples have milliseconds.
_MOST_SECONDS = 10**11
_DIGITS = 13
_DEEPEST = 20
# What is longer is no address (RFC 5321 section 4.5.3.1.3) and no id, and would fit no index.
_LONGEST_ADDRESS, _LONGEST_ID = 254, 500


class MailEvent(Value):
    """One event as far as it could be read; `item` is all of it.

    `natural_key` is the same for a repeat of the same event even where SendGrid gave it another
    `provider_event`; `provider_id` is the X-Message-Id that the request for the mail was answered
    with; `at` has seconds.
    """

    kind: str
    natural_key: str
    item: Facts
    at: AwareDatetime | None = None
    email: str | None = None
    send: UUID | None = None
    provider_event: str | None = None
    provider_id: str | None = None
    type: str = ""
    status: str = ""
    reason: str = ""
    classification: str = ""
    url: str | None = None
    machine: bool = False

    @property
    def is_hard_bounce(self) -> bool:
        """Whether the address can never be delivered to: a `blocked` one may be later."""
        invalid = self.classification.lower().startswith("invalid")
        is_bounce = self.kind == "bounce" and self.type in ("", "bounce")
        return is_bounce and (invalid or self.status.startswith("5.1."))

    @property
    def shows_acceptance(self) -> bool:
        """Whether SendGrid must have accepted the mail, since this came of it."""
        return self.kind in _OF_ACCEPTED_MAILS

    @property
    def suppresses(self) -> Reason | None:
        """Why nobody must write to this address any more, if the event says so.

        A dropped mail teaches what SendGrid's own lists know. Blocks, deferrals and content
        faults are not the recipient's doing.
        """
        if self.kind == "bounce":
            return Reason.BOUNCED if self.is_hard_bounce else None
        if self.kind == "dropped":
            return _REASON_BY_DROP.get(self.reason.strip().lower())
        return _REASON_BY_KIND.get(self.kind)


def parse_events(body: bytes) -> tuple[MailEvent, ...] | None:
    """Read a batch; None if the body is not a JSON array.

    An item that cannot be read becomes an event of the kind `unreadable`, so that it is kept and
    its neighbours are not lost.
    """
    try:
        batch: JsonValue = json.loads(
            body.decode(errors="replace"), parse_float=_finite, parse_constant=_none
        )
    except (ValueError, RecursionError):
        return None
    return tuple(map(_event, map(storable, batch))) if isinstance(batch, list) else None


def storable(value: JsonValue, depth: int = 0) -> JsonValue:
    """Give the value without what PostgreSQL's jsonb refuses: NUL and lone surrogates.

    What is nested deeper than anything SendGrid sends is left out.
    """
    match value:
        case str():
            return value.replace("\x00", "").encode(errors="replace").decode()
        case list() if depth < _DEEPEST:
            return [storable(part, depth + 1) for part in value]
        case dict() if depth < _DEEPEST:
            return {str(storable(name)): storable(part, depth + 1) for name, part in value.items()}
    return None if isinstance(value, list | dict) else value


def _event(item: JsonValue) -> MailEvent:
    if not isinstance(item, dict) or not _text(item, "event"):
        return MailEvent(kind=UNREADABLE, natural_key=_digest(item), item={"item": item})
    return MailEvent(
        kind=_text(item, "event").lower(),
        natural_key=_natural_key(item),
        item=item,
        at=_moment(item.get("timestamp")),
        # What becomes of a mail to an owner says nothing about any contact.
        email=None if NOTICE_ID in item else _short(_text(item, "email"), _LONGEST_ADDRESS),
        send=_uuid(_text(item, SEND_ID)),
        provider_event=_short(_text(item, "sg_event_id"), _LONGEST_ID),
        provider_id=_text(item, "sg_message_id").partition(".")[0] or None,
        type=_text(item, "type").lower(),
        status=_text(item, "status"),
        reason=_text(item, "reason"),
        classification=_text(item, "bounce_classification"),
        url=_text(item, "url") or None,
        machine=item.get("sg_machine_open") in (True, "true", 1),
    )


def _natural_key(item: Mapping[str, JsonValue]) -> str:
    whose = [_text(item, name).lower() for name in ("email", SEND_ID)]
    whose.append(_text(item, "sg_message_id"))
    if not any(whose):
        return _digest(dict(item))
    what = [_text(item, name) for name in ("event", "timestamp", "url", "type")]
    return _digest([*whose, *what])


def _digest(value: JsonValue) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _text(item: Mapping[str, JsonValue], name: str) -> str:
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def _short(text: str, longest: int) -> str | None:
    return text if 0 < len(text) <= longest else None


def _moment(timestamp: JsonValue) -> datetime | None:
    text = _text({"timestamp": timestamp}, "timestamp")
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS:
        return None
    seconds = int(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds > _MOST_SECONDS else seconds, UTC)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if isfinite(number) else None


def _none(_: str) -> None:
    return None
