"""What is to be known of an enrollment that would be let in: what would go, and when it begins."""

from collections.abc import Iterator

from sqlalchemy import Connection

from activities.admitting.applicants import Applicant
from activities.admitting.moving_up import day_at, midnight, most
from activities.mailing.suppression import opted_out
from schemas.calendar import ZoneTable
from schemas.sequence import Sequence
from starter.explaining.sharing import busy
from storage.entering import paces
from storage.people.addresses import exact_key
from workflows.deciding.variants import held_out
from workflows.moments.calendar import shown_in


def of_mails(connection: Connection, sequence: Sequence, who: Applicant) -> Iterator[str]:
    """Say which mails would go, if not all."""
    for event in opted_out(connection, sequence, who.contact, who.at):
        yield f"The contact {_DID[event.kind]}: only transactional mails would go (rule 24)."
    if held_out(sequence.name, who.contact.id, sequence.holdout):
        share = f"{sequence.holdout / 100:g} %"
        yield f"The contact is one of the {share} held out: no marketing mail would go (rule 22)."


def of_beginning(
    connection: Connection, sequence: Sequence, who: Applicant, zone: ZoneTable
) -> Iterator[str]:
    """Say what it would wait for before it begins, as things stand, or whom it would take over."""
    taken = busy(connection, sequence, who.contact.id, who.at)
    if isinstance(taken, str):
        yield taken
    pace = sequence.pace
    if pace is None:
        return
    owner = "" if who.contact.owner is None else exact_key(who.contact.owner.email)
    free = paces.first_free(connection, sequence.name, owner, day_at(pace, who.at))
    if free.full is not None:
        may = most(pace, sequence.name, of_owner=free.full != paces.WHOLE)
        begins = shown_in(midnight(pace, free.day), zone)
        yield f"{may}, and today is full: it would begin on {begins} (rule 39)."


_DID = {"unsubscribe": "has unsubscribed", "complaint": "has reported a mail as spam"}
