"""SendGrid's lists pulled: whom it delivers nothing to is suppressed here, too; nobody is freed."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from pydantic import Field, JsonValue
from sqlalchemy import Engine

from activities.mailing.suppression_lists import LISTS, Listed, ListName, SuppressionLists
from inbound.events import MailEvent, parse_events
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from schemas.values import Value
from starter.incoming.known_mails import Arrived
from starter.incoming.mail_events import take_mail_events
from starter.watching import Watch, unwatched
from storage.people import suppressions

_AT_ONCE = 100


class Pulled(Value):
    """How many entries SendGrid's lists have, and how many were missing here; by list."""

    read: dict[str, int] = Field(default_factory=dict)
    added: dict[str, int] = Field(default_factory=dict)

    @property
    def missing(self) -> int:
        """How many were missing here, and are here now."""
        return sum(self.added.values())


def pull(
    engine: Engine,
    lists: SuppressionLists,
    *,
    since: datetime | None = None,
    watch: Watch = unwatched,
) -> Pulled:
    """Suppress who is on SendGrid's lists and not here, as if SendGrid had just told of it.

    Their enrollments hear of it. Who came back after SendGrid put them on the list stays free.
    Repeating it changes nothing. Raises ListsError if SendGrid does not show a list.
    """
    read: Counter[str] = Counter()
    added: Counter[str] = Counter()
    for name in LISTS:
        for page in lists.pages(name, since):
            read[name] += len(page)
            added[name] += _take(engine, page)
            watch(sum(read.values()), 0)
    return Pulled(read=dict(read), added=dict(added))


def _take(engine: Engine, page: Sequence[Listed]) -> int:
    wanted = {_key(one): one for one in page}
    with engine.connect() as connection:
        missing = suppressions.missing(connection, [_suppression(one) for one in wanted.values()])
    lacking = [wanted[one.target, one.reason] for one in missing]
    for first in range(0, len(lacking), _AT_ONCE):
        take_mail_events(engine, [_arrived(one) for one in lacking[first : first + _AT_ONCE]])
    return len(lacking)


def _key(one: Listed) -> tuple[str, Reason]:
    return one.email, _REASON_BY_LIST[one.on]


def _suppression(one: Listed) -> Suppression:
    reason = _REASON_BY_LIST[one.on]
    scope = SCOPE_BY_REASON[reason]
    return Suppression(target=one.email, reason=reason, scope=scope, source="sendgrid", at=one.at)


def _arrived(one: Listed) -> Arrived:
    return Arrived(_event(one), one.at)


def _event(one: Listed) -> MailEvent:
    told = {"email": one.email, "timestamp": int(one.at.timestamp())}
    item = {**one.said, **_ITEM_BY_LIST[one.on](one), **told, "list": one.on}
    found = parse_events(json.dumps([item]).encode())
    if not found:
        raise ValueError("What is made here is an array.")
    return found[0]


def _dropped(_: Listed) -> dict[str, JsonValue]:
    # What SendGrid would say of the next mail: it delivers none to whoever is on these lists.
    return {"event": "dropped", "reason": "Bounced Address"}


_REASON_BY_LIST: dict[ListName, Reason] = {
    "unsubscribes": Reason.UNSUBSCRIBED,
    "groups": Reason.UNSUBSCRIBED,
    "spam_reports": Reason.COMPLAINED,
    "bounces": Reason.BOUNCED,
    "invalid_emails": Reason.BOUNCED,
}
_ITEM_BY_LIST: dict[ListName, Callable[[Listed], dict[str, JsonValue]]] = {
    "unsubscribes": lambda _: {"event": "unsubscribe"},
    "groups": lambda one: {"event": "group_unsubscribe", "asm_group_id": one.said.get("group_id")},
    "spam_reports": lambda _: {"event": "spamreport"},
    "bounces": _dropped,
    "invalid_emails": _dropped,
}
