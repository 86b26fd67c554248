"""The lock before a claim: an enrollment with its contact, as they stand until the commit."""

from functools import cache
from uuid import UUID

from sqlalchemy import Connection, Executable, RowMapping, bindparam, func, select

from schemas.contact import Contact
from schemas.content import Mailbox
from schemas.outcomes import Stopped
from schemas.policies import Caps
from schemas.progress import Ending
from schemas.rates import Rates
from schemas.tides import Tide
from schemas.values import Value
from storage import tides
from storage.people.contacts import contact_of
from storage.schema.authored_tables import overrides
from storage.schema.tables import contacts, enrollments
from storage.sending import caps, rules


class Locked(Value):
    """A locked enrollment: its version and contact, and what stopped it before, if anything did.

    `sender` writes its mails; `rewrites` are the steps whose mail somebody wrote by hand for it;
    `caps` and `rates` are those in force; `tide` is how high it stands, and `knows` whether the
    send that was asked about is on record.
    """

    version: str
    contact: Contact
    stopped: Stopped | None
    sender: Mailbox | None = None
    rewrites: tuple[str, ...] = ()
    caps: Caps | None = None
    rates: Rates | None = None
    tide: Tide | None = None
    knows: bool = False


def lock(connection: Connection, row: UUID, asked: UUID | None = None) -> Locked:
    """Lock an enrollment's contact, then the enrollment; LookupError if there is none.

    An exit, pause or suppression that is committed before is seen; a later one waits for this
    transaction. `asked` is a send that may be on record.
    """
    found = connection.execute(_lock(), {"row": row, "asked": asked}).mappings().first()
    if found is None:
        return _lock_again(connection, row, asked)
    return Locked(
        version=found["version"],
        contact=contact_of(found),
        stopped=_stopped(found),
        sender=_sender(found),
        rewrites=found["rewrites"] or (),
        caps=found["caps"],
        rates=found["rates"],
        tide=found["tide"],
        knows=found["knows"],
    )


def _lock_again(connection: Connection, row: UUID, asked: UUID | None) -> Locked:
    """Lock an enrollment whose contact was merged into another while its lock was waited for."""
    known = select(enrollments.c.id).where(enrollments.c.id == row)
    if connection.scalar(known) is None:
        raise LookupError(f"There is no enrollment {row}.")
    return lock(connection, row, asked)


# Building a statement costs more than running it, and this one is on every mail's way.
@cache
def _lock() -> Executable:
    # The contact in a statement of its own within this one, so that it is locked first.
    row = bindparam("row", type_=enrollments.c.id.type)
    whose = select(enrollments.c.contact_id).where(enrollments.c.id == row).scalar_subquery()
    # Two claims for one contact come one after the other: each sees what the other took of a cap.
    person = (
        select(contacts).where(contacts.c.id == whose).with_for_update(key_share=True).cte("person")
    )
    rewrites = select(func.array_agg(overrides.c.step)).where(overrides.c.enrollment_id == row)
    return (
        select(
            person,
            *(enrollments.c[name] for name in _STANDING),
            rewrites.scalar_subquery().label("rewrites"),
            caps.in_force().label("caps"),
            rules.in_force("rates").label("rates"),
            tides.standing().label("tide"),
            tides.is_there("asked").label("knows"),
        )
        .join_from(enrollments, person, person.c.id == enrollments.c.contact_id)
        .where(enrollments.c.id == row)
        .with_for_update(key_share=True, of=enrollments)
    )


def _sender(found: RowMapping) -> Mailbox | None:
    if found["sender_email"] is None:
        return None
    return Mailbox(email=found["sender_email"], name=found["sender_name"])


def _stopped(found: RowMapping) -> Stopped | None:
    if found["ended_at"] is not None:
        why = found["ending_why"] or ""
        return Stopped(ending=Ending(name=found["ending"], at=found["ended_at"], why=why))
    if found["paused_at"] is not None:
        return Stopped(at=found["paused_at"], who=found["paused_by"], why=found["paused_why"])
    return None


_STANDING = (
    *("version", "ending", "ending_why", "ended_at", "paused_at", "paused_by", "paused_why"),
    *("sender_email", "sender_name"),
)
