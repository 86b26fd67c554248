"""What of an enrollment PostgreSQL knows better than its workflow, just before a mail goes."""

from datetime import datetime

from schemas.contact import Contact
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.values import Facts
from storage.rows import SendRow
from workflows.conditions import Known, holds
from workflows.endings import LEFT_AUDIENCE


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


def early_ending(sequence: Sequence, step: EmailStep, known: Known, now: datetime) -> Ending | None:
    """Give the ending that takes the place of a mail: an exit condition, or a left audience.

    A transactional mail does not ask for the audience (language rules 25 and 26).
    """
    exited = exit_name(sequence, known)
    if exited is not None:
        return Ending(name=exited, at=now)
    rechecked = sequence.audience_recheck == "each_send" and not step.transactional
    if rechecked and not holds(sequence.audience, known):
        return Ending(name=LEFT_AUDIENCE, at=now)
    return None


def exit_name(sequence: Sequence, known: Known) -> str | None:
    """Give the name of the first condition of `exit_on` that is true."""
    names = (
        rule.name for rule in sequence.exit_on if rule.when is not None and holds(rule.when, known)
    )
    return next(names, None)
