"""Who a sequence's mails are from, and where answers go."""

import re
from typing import Literal

from authoring.documents import Mapping, Node
from authoring.faults import Findings
from authoring.fields import fields_of, keys, shown
from authoring.readers import text
from schemas.content import Mailbox

OWNER: Literal["owner"] = "owner"

Sender = Literal["owner"] | Mailbox

MAILBOX_KEYS = keys("name email")


def read_sender(node: Node, findings: Findings) -> Sender | None:
    """Read `from:`: `owner` (the contact's own), or a mailbox."""
    return OWNER if shown(node).strip() == OWNER else read_mailbox(node, findings)


def read_mailbox(node: Node, findings: Findings) -> Mailbox | None:
    """Read `{name: Ops Team, email: team@acme.example}`, or an address alone."""
    if not isinstance(node, Mapping):
        address = read_address(node, findings)
        return None if address is None else Mailbox(email=address)
    fields = fields_of(node, findings, "a sender", MAILBOX_KEYS)
    address = None if fields is None else fields.need("email", read_address)
    if fields is None or address is None:
        return None
    return Mailbox(email=address, name=fields.get("name", text) or "")


def read_address(node: Node, findings: Findings) -> str | None:
    """Read a mail address; whether it exists is known only once a mail is sent."""
    address = text(node, findings)
    if address is None or _ADDRESS.fullmatch(address):
        return address
    mend = "write `owner`, or an address like `team@acme.example`"
    findings.add(node.at, address, "this is not a mail address", mend)
    return None


_PART = r"[^\s@<>,;:\"()\[\]\\.]+"
_ADDRESS = re.compile(rf"{_PART}(?:\.{_PART})*@{_PART}(?:\.{_PART})+")
