"""The events of SendGrid's Event Webhook, field by field (reference 2.1 and 2.2)."""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from devstack.emulator.intake import smtp_id
from devstack.emulator.links import Link
from devstack.emulator.records import JsonObject, Mail

_IP = "192.0.2.25"  # RFC 5737: an address for documentation
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_PRIVACY_PROXY = "Mozilla/5.0"


class Happening(StrEnum):
    """What can happen to a mail that SendGrid tells of."""

    PROCESSED = "processed"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    BOUNCE = "bounce"
    MAILBOX_FULL = "mailbox_full"
    BLOCKED = "blocked"
    LATE_BOUNCE = "late_bounce"
    DROPPED = "dropped"
    OPEN = "open"
    MACHINE_OPEN = "machine_open"
    CLICK = "click"
    SPAM_REPORT = "spam_report"
    UNSUBSCRIBE = "unsubscribe"
    GROUP_UNSUBSCRIBE = "group_unsubscribe"


_NO_SUCH_BOX: JsonObject = {
    "event": "bounce",
    "type": "bounce",
    "status": "5.1.1",
    "reason": "550 5.1.1 The email account that you tried to reach does not exist.",
    "bounce_classification": "Invalid Address",
}

_FIELDS: Mapping[Happening, JsonObject] = {
    Happening.PROCESSED: {"event": "processed"},
    Happening.DEFERRED: {
        "event": "deferred",
        "response": "450 4.2.0 try again later",
        "attempt": "1",
    },
    Happening.DELIVERED: {"event": "delivered", "response": "250 OK", "ip": _IP, "tls": 1},
    Happening.BOUNCE: {**_NO_SUCH_BOX, "ip": _IP, "tls": 1},
    Happening.MAILBOX_FULL: {
        "event": "bounce",
        "type": "bounce",
        "status": "5.2.2",
        "reason": "552 5.2.2 The mailbox is full.",
        "bounce_classification": "Mailbox Unavailable",
        "ip": _IP,
        "tls": 1,
    },
    Happening.BLOCKED: {
        "event": "bounce",
        "type": "blocked",
        "status": "4.0.0",
        "reason": "421 4.7.0 Your IP address has been temporarily blocked.",
        "bounce_classification": "Reputation",
    },
    Happening.LATE_BOUNCE: _NO_SUCH_BOX,
    Happening.DROPPED: {"event": "dropped", "status": "5.0.0"},
    Happening.OPEN: {
        "event": "open",
        "useragent": _BROWSER,
        "ip": _IP,
        "sg_machine_open": False,
        "sg_content_type": "html",
    },
    Happening.MACHINE_OPEN: {
        "event": "open",
        "useragent": _PRIVACY_PROXY,
        "ip": _IP,
        "sg_machine_open": True,
        "sg_content_type": "html",
    },
    Happening.CLICK: {"event": "click", "useragent": _BROWSER, "ip": _IP},
    Happening.SPAM_REPORT: {"event": "spamreport"},
    Happening.UNSUBSCRIBE: {"event": "unsubscribe"},
    Happening.GROUP_UNSUBSCRIBE: {
        "event": "group_unsubscribe",
        "useragent": _BROWSER,
        "ip": _IP,
    },
}

_OF_MAIL_SERVERS = frozenset({"processed", "deferred", "delivered", "bounce", "dropped"})


def event_body(
    mail: Mail, happening: Happening, at: datetime, extra: JsonObject | None = None
) -> JsonObject:
    """Give the event as SendGrid words it; `at` is the virtual moment.

    Custom arguments come first, so that SendGrid's own fields win, as they do in the real one.
    """
    details = _FIELDS[happening] | (extra or {})
    told: JsonObject = {"email": mail.recipient.email, "timestamp": int(at.timestamp())}
    # A delayed bounce carries no ids (reference 2.1); so no custom arguments are counted on either.
    if happening is Happening.LATE_BOUNCE:
        return told | {"sg_event_id": new_event_id()} | details
    return {**mail.custom_args, **told, **_ids(mail, details, at), **details}


def click_details(link: Link) -> JsonObject:
    """Give what a click event says of the link."""
    return {"url": link.url, "url_offset": {"index": link.index, "type": link.part}}


def new_event_id() -> str:
    """Give an `sg_event_id` of the random kind."""
    return secrets.token_urlsafe(16)


def _ids(mail: Mail, details: JsonObject, at: datetime) -> JsonObject:
    kind = str(details["event"])
    ids: JsonObject = {"sg_message_id": sg_message_id(mail), "sg_event_id": new_event_id()}
    if kind in _OF_MAIL_SERVERS:
        ids["smtp-id"] = smtp_id(mail.message_id)
        ids["sg_event_id"] = _steady_id(f"{kind}-{int(at.timestamp())}-10994919-{mail.id}")
    if mail.categories:
        ids["category"] = list(mail.categories)
    if mail.asm_group_id is not None:
        ids["asm_group_id"] = mail.asm_group_id
    return ids


def sg_message_id(mail: Mail) -> str:
    """Give the id under which SendGrid's servers know a mail."""
    second, place = int(mail.accepted_at.timestamp()), mail.id.partition(".")[2] or "0"
    return f"{mail.message_id}.filterdrecv-5f54b5d587-pczkj-1-{second:X}-{place}.0"


def _steady_id(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
