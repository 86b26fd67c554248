"""Who a sequence's mails are from: the owner, a mailbox, one by its name, or several in turn."""

import re
from collections.abc import Mapping as Table
from typing import Literal

from authoring.text.documents import Items, Mapping, Node
from authoring.text.faults import Findings, did_you_mean
from authoring.text.fields import Fields, Reader, entries_of, keys, shown
from authoring.text.readers import each, name, text
from schemas.content import Mailbox, Sender

OWNER: Literal["owner"] = "owner"

MAILBOX_KEYS = keys("name email")

Mailboxes = Table[str, Mailbox]
"""The mailboxes that the project file names, under `senders`."""


def sender_of(known: Mailboxes) -> Reader[Sender]:
    """Give a reader of `from:`: `owner` (the contact's own), a mailbox, or several in turn."""

    def read(node: Node, findings: Findings) -> Sender | None:
        if shown(node).strip() == OWNER:
            return OWNER
        if isinstance(node, Items):
            return _several(node, findings, known)
        return mailbox_of(known)(node, findings)

    return read


def mailbox_of(known: Mailboxes) -> Reader[Mailbox]:
    """Give a reader of `{name: …, email: …}`, of an address alone, or of a known name."""

    def read(node: Node, findings: Findings) -> Mailbox | None:
        named = known.get(shown(node).strip())
        if named is not None:
            return named
        if isinstance(node, Mapping):
            return _mailbox(node, findings)
        address = _read_address(node, findings, known)
        return None if address is None else Mailbox(email=address)

    return read


def read_mailboxes(node: Node, findings: Findings) -> dict[str, Mailbox] | None:
    """Read the project's `senders:`, mailboxes by the names that sequences use."""
    if not isinstance(node, Mapping):
        problem = "`senders` must be a mapping of names to mailboxes"
        mend = "write `ops: {name: Ops Team, email: team@acme.example}`"
        findings.add(node.at, shown(node), problem, mend)
        return None
    read: dict[str, Mailbox] = {}
    for key, value in entries_of(node, findings):
        called, mailbox = name(key, findings), mailbox_of({})(value, findings)
        if called == OWNER:
            problem = "`owner` always means the contact's own"
            findings.add(key.at, OWNER, problem, "give this mailbox another name")
        if called is not None and mailbox is not None:
            read[called] = mailbox
    return read


def read_address(node: Node, findings: Findings) -> str | None:
    """Read an address of mail."""
    address = text(node, findings)
    if address is None or _ADDRESS.fullmatch(address):
        return address
    mend = "write an address like `team@acme.example`"
    findings.add(node.at, address, "this is not a mail address", mend)
    return None


def _several(node: Items, findings: Findings, known: Mailboxes) -> Sender | None:
    mailboxes = each(node, findings, mailbox_of(known))
    if not node.of:
        findings.add(node.at, "", "`from` names nobody", "write `owner`, or a mailbox")
    addresses = [one.email.lower() for one in mailboxes]
    for address in dict.fromkeys(one for one in addresses if addresses.count(one) > 1):
        problem = "this mailbox stands here twice"
        findings.add(node.at, address, problem, "remove one: all take turns alike")
    if not mailboxes:
        return None
    return mailboxes if len(mailboxes) > 1 else mailboxes[0]


def _mailbox(node: Mapping, findings: Findings) -> Mailbox | None:
    fields = Fields(node, findings, MAILBOX_KEYS)
    address = fields.need("email", lambda one, found: _read_address(one, found, {}))
    if address is None:
        return None
    return Mailbox(email=address, name=fields.get("name", text) or "")


def _read_address(node: Node, findings: Findings, known: Mailboxes) -> str | None:
    address = text(node, findings)
    if address is None or _ADDRESS.fullmatch(address):
        return address
    near = did_you_mean(address, (*known, OWNER)) if known else ""
    mend = "write `owner`, or an address like `team@acme.example`"
    findings.add(node.at, address, "this is not a mail address", near or mend)
    return None


_PART = r"[^\s@<>,;:\"()\[\]\\.]+"
_ADDRESS = re.compile(rf"{_PART}(?:\.{_PART})*@{_PART}(?:\.{_PART})+")
