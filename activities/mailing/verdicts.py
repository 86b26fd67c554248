"""What of an enrollment PostgreSQL knows better than its workflow, just before a mail goes."""

from schemas.contact import Contact
from schemas.values import Facts
from storage.rows import SendRow
from workflows.deciding.conditions import Known


def known_of(
    contact: Contact, data: Facts, key: str | None, sends: list[SendRow] | None = None
) -> Known:
    """Give what conditions may name, by the contact as it is now and what came of its mails."""
    gone = [send for send in sends or [] if send.state == "accepted"]
    return Known(
        contact=contact.facts(),
        data=data,
        key=key,
        replied=any(send.replied_at for send in gone),
        steps={
            "sent": frozenset(send.step for send in gone),
            "opened": frozenset(send.step for send in gone if send.first_open_at),
            "clicked": frozenset(send.step for send in gone if send.first_click_at),
        },
    )
