"""SendGrid's own suppression lists: who is on them, and what they stop."""

from collections.abc import Mapping
from enum import StrEnum

from devstack.emulator.records import JsonObject, Mail


class SuppressionList(StrEnum):
    """The lists, by the names of SendGrid's API."""

    UNSUBSCRIBES = "unsubscribes"
    BOUNCES = "bounces"
    BLOCKS = "blocks"
    SPAM_REPORTS = "spam_reports"
    INVALID_EMAILS = "invalid_emails"


# Blocks are listed but stop nothing (reference 7).
DROP_REASON_BY_LIST: Mapping[str, str] = {
    SuppressionList.UNSUBSCRIBES: "Unsubscribed Address",
    SuppressionList.BOUNCES: "Bounced Address",
    SuppressionList.SPAM_REPORTS: "Spam Reporting Address",
}

LISTS_BY_BYPASS: Mapping[str, tuple[str, ...]] = {
    "bypass_list_management": tuple(DROP_REASON_BY_LIST),
    "bypass_unsubscribe_management": (SuppressionList.UNSUBSCRIBES,),
    "bypass_bounce_management": (SuppressionList.BOUNCES,),
    "bypass_spam_management": (SuppressionList.SPAM_REPORTS,),
}

_LIST_BY_EVENT: Mapping[tuple[str, str | None], SuppressionList] = {
    ("bounce", "bounce"): SuppressionList.BOUNCES,
    ("bounce", "blocked"): SuppressionList.BLOCKS,
    ("spamreport", None): SuppressionList.SPAM_REPORTS,
    ("unsubscribe", None): SuppressionList.UNSUBSCRIBES,
}


class Suppressions:
    """Who is on which list; addresses match whatever their case."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[str, JsonObject]] = {}

    def fold(self, event: JsonObject) -> None:
        """Put the event's address on the list that it calls for; the first one counts."""
        name = _list_of(event)
        if name:
            lists = self._lists.setdefault(_key(str(event["email"])), {})
            lists.setdefault(name, event)

    def on(self, name: str) -> list[JsonObject]:
        """Give the events that put addresses on a list, the latest first, as SendGrid does."""
        found = [lists[name] for lists in self._lists.values() if name in lists]
        return sorted(found, key=lambda event: -_when(event))

    def in_groups(self) -> list[JsonObject]:
        """Give the events that put addresses on the lists of unsubscribe groups."""
        names = {name for lists in self._lists.values() for name in lists}
        return [event for name in sorted(names - set(SuppressionList)) for event in self.on(name)]

    def forgive(self, address: str) -> bool:
        """Take an address off all lists; tell whether it was on one."""
        return self._lists.pop(_key(address), None) is not None

    def drop_reason(self, mail: Mail) -> str | None:
        """Tell in SendGrid's words why this mail is not delivered; None if nothing stops it."""
        listed = set(self._lists.get(_key(mail.recipient.email), ()))
        if _group(mail.asm_group_id) in listed:
            return DROP_REASON_BY_LIST[SuppressionList.UNSUBSCRIBES]
        bypassed = {name for bypass in mail.bypasses for name in LISTS_BY_BYPASS[bypass]}
        reasons = (DROP_REASON_BY_LIST[n] for n in DROP_REASON_BY_LIST if n in listed - bypassed)
        return next(reasons, None)

    def listed(self) -> dict[str, list[str]]:
        """Give each address with the lists that it is on."""
        return {address: sorted(lists) for address, lists in self._lists.items()}


def _list_of(event: JsonObject) -> str | None:
    if event["event"] == "group_unsubscribe":
        return _group(event.get("asm_group_id"))
    kind = event.get("type")
    return _LIST_BY_EVENT.get((str(event["event"]), str(kind) if kind else None))


def _when(event: JsonObject) -> int:
    moment = event.get("timestamp")
    return moment if isinstance(moment, int) else 0


def _group(group_id: object) -> str:
    return f"group_{group_id}"


def _key(address: str) -> str:
    return address.casefold()
