"""What a version says in words: templates and senders, read by activities only."""

from typing import Literal

from pydantic import Field

from schemas.values import Value


class Mailbox(Value):
    """A sender or recipient as mail shows it."""

    email: str
    name: str = ""


Sender = Literal["owner"] | Mailbox | tuple[Mailbox, ...]
"""Who a mail is from: the contact's owner, a mailbox, or one of several for each enrollment."""


class Content(Value):
    """A version's texts: `files` by path within the sequence's folder (mails, layouts, partials).

    `attachments` are files in Base64 by path; `attachment_urls` are the patterns of addresses that
    mails may attach from; `mailboxes` are senders that a mail's file may name.
    `sender` is "owner" (the contact's owner, else `sender_fallback`), a mailbox, or several that
    take turns; `senders` are those of single steps, by their ids. `snippets` are short texts by
    name; `layout` is the file that mails are put into, unless they name another.
    `reply_to` "inbound" gives each mail an address whose answers come back to Postroad.
    """

    files: dict[str, str]
    sender: Sender
    senders: dict[str, Sender] = Field(default_factory=dict)
    sender_fallback: Mailbox | None = None
    reply_to: Literal["inbound", "sender"] = "inbound"
    postal_address: str = ""
    snippets: dict[str, str] = Field(default_factory=dict)
    layout: str | None = None
    attachments: dict[str, str] = Field(default_factory=dict)
    attachment_urls: tuple[str, ...] = ()
    mailboxes: dict[str, Mailbox] = Field(default_factory=dict)
