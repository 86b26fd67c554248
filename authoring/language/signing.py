"""Reading what a sequence's mails share: whom they are from, the postal address, the texts."""

from dataclasses import dataclass, field
from typing import Literal

from authoring.language.outline import Outline
from authoring.language.project_parts import read_snippets
from authoring.language.projects import Project
from authoring.language.senders import mailbox_of, sender_of
from authoring.text.fields import Fields
from authoring.text.readers import choice, name, paragraph
from schemas.content import Mailbox, Sender
from schemas.matchers import StepId
from schemas.sequence import Sequence


@dataclass(frozen=True)
class Signature:
    """Whom the mails are from and where answers go; snippets and layout that all of them share."""

    sender: Sender
    sender_fallback: Mailbox | None
    reply_to: Literal["inbound", "sender"]
    postal_address: str
    senders: dict[StepId, Sender] = field(default_factory=dict)
    snippets: dict[str, str] = field(default_factory=dict)
    layout: str | None = None


def read_signature(
    fields: Fields, outline: Outline, sequence: Sequence, project: Project
) -> Signature:
    """Read the part of a sequence that only its mails need; the project says what it leaves out."""
    snippets = fields.get("snippets", read_snippets) or {}
    reply_to = fields.get("reply_to", choice("inbound", "sender"))
    return Signature(
        sender=_sender(fields, outline, sequence, project),
        sender_fallback=_fallback(fields, project),
        reply_to="sender" if reply_to == "sender" else "inbound",
        postal_address=_postal_address(fields, sequence, project),
        senders=outline.senders,
        snippets={**project.snippets, **snippets},
        layout=fields.get("layout", name),
    )


def _sender(fields: Fields, outline: Outline, sequence: Sequence, project: Project) -> Sender:
    own: Sender | None = fields.get("from", sender_of(project.senders))
    sender = own or project.sender
    each_has_one = sequence.emails and all(one.id in outline.senders for one in sequence.emails)
    if sender is None and "from" not in fields and not each_has_one:
        problem = "nobody is said to send these mails"
        mend = "add `from: owner` or `from: {name: …, email: …}`"
        fields.findings.add(fields.key_at("sequence"), "", problem, mend)
    return sender or "owner"


def _fallback(fields: Fields, project: Project) -> Mailbox | None:
    own = fields.get("from_fallback", mailbox_of(project.senders))
    shared = project.sender if isinstance(project.sender, Mailbox) else None
    return own or project.sender_fallback or shared


# CAN-SPAM, 15 U.S.C. 7704(a)(5)(A)(iii): a commercial mail holds the sender's postal address.
def _postal_address(fields: Fields, sequence: Sequence, project: Project) -> str:
    address = fields.get("postal_address", paragraph) or project.postal_address
    if not address and any(not email.transactional for email in sequence.emails):
        problem = "a marketing mail must say the sender's postal address, and there is none"
        mend = "add `postal_address: …` here or in postroad.yaml"
        fields.findings.add(fields.key_at("postal_address"), "", problem, mend)
    return address
