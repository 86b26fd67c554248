"""Addresses checked where they come in: what is refused, and what is only warned about."""

from functools import cache
from typing import Literal

from disposable_email_domains import blocklist
from email_validator import EmailNotValidError, validate_email

from schemas.values import Value
from storage.people.addresses import ascii_domain

Doubt = Literal["role", "disposable"]

_ROLES = frozenset(
    (
        *("abuse", "admin", "administrator", "billing", "careers", "compliance", "contact"),
        *("enquiries", "feedback", "finance", "hello", "help", "hostmaster", "hr", "info"),
        *("inquiries", "invoice", "invoices", "jobs", "legal", "mail", "marketing", "media"),
        *("news", "newsletter", "no-reply", "noc", "noreply", "office", "orders", "postmaster"),
        *("press", "privacy", "root", "sales", "security", "service", "spam", "support"),
        *("sysadmin", "team", "webmaster"),
    )
)
"""Mailboxes of a function rather than a person (RFC 2142, and what providers count as such)."""


class Checked(Value):
    """An address as it is kept, or the `fault` for which it is refused, without quoting it."""

    address: str = ""
    fault: str | None = None


def checked_address(written: str) -> Checked:
    """Check an address without asking the network; SendGrid takes no letters but ASCII before @."""
    try:
        address = validate_email(
            written, check_deliverability=False, allow_smtputf8=False, strict=True
        ).normalized
    except EmailNotValidError as error:
        return Checked(fault=f"its email address is malformed: {_lowered(str(error))}")
    return Checked(address=address)


def doubt_of(address: str) -> Doubt | None:
    """Tell whether an address is a function's mailbox or a throw-away one: it may complain."""
    local, _, domain = address.lower().rpartition("@")
    if local.partition("+")[0] in _ROLES:
        return "role"
    return "disposable" if _is_disposable(ascii_domain(domain)) else None


@cache
def _domains() -> frozenset[str]:
    return frozenset(blocklist)


def _is_disposable(domain: str) -> bool:
    parts = domain.split(".")
    return any(".".join(parts[at:]) in _domains() for at in range(len(parts) - 1))


def _lowered(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}".rstrip(".")
