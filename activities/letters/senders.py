"""Who a mail is from: the contact's owner, a mailbox, or one of several by lot."""

from schemas.contact import Contact
from schemas.content import Content, Mailbox, Sender
from workflows.deciding.variants import share


def sender_for(content: Content, sequence: str, contact: Contact) -> Mailbox | None:
    """Give the sender that an enrollment begins with, and keeps.

    None if it is the owner's mail, the contact has no owner and the sequence names no other.
    """
    return resolved(content, content.sender, sequence, contact)


def resolved(content: Content, wanted: Sender, sequence: str, contact: Contact) -> Mailbox | None:
    """Give the mailbox that `wanted` means for a contact.

    Of several it is the one on which `<sequence>|sender|<contact id>` falls.
    """
    if isinstance(wanted, Mailbox):
        return wanted
    if isinstance(wanted, tuple):
        return wanted[share(f"{sequence}|sender|{contact.id}") % len(wanted)]
    return contact.owner or content.sender_fallback


def kept_sender(content: Content, parent: Mailbox | None) -> Mailbox | None:
    """Give the sender that a hand-off passes on: none, if the other sequence names its own."""
    return None if isinstance(content.sender, Mailbox) else parent
