"""What a version says in words: templates and senders, read by activities only."""

from typing import Literal

from schemas.values import Value


class Mailbox(Value):
    """A sender or recipient as mail shows it."""

    email: str
    name: str = ""


class Content(Value):
    """A version's texts: `files` by path within the sequence's folder (mails, layout).

    `sender` is "owner" (the contact's owner, else `sender_fallback`) or a mailbox.
    `reply_to` "inbound" gives each mail an address whose answers come back to Postroad.
    """

    files: dict[str, str]
    sender: Literal["owner"] | Mailbox
    sender_fallback: Mailbox | None = None
    reply_to: Literal["inbound", "sender"] = "inbound"
    postal_address: str = ""
