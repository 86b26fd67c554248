"""The claim: our right to send one mail once, decided by PostgreSQL."""

from datetime import datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    bindparam,
    exists,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import Insert, insert

from schemas.contact import Contact
from schemas.outcomes import Stopped, Suppressed
from schemas.values import Value
from storage.locks import Locked, lock
from storage.people import suppressions
from storage.rows import EmailKind, SendRow, shaped
from storage.schema.tables import contacts, enrollments, sends
from storage.schema.tables import suppressions as suppressed
from storage.sending import brakes
from storage.sending.brakes import BrakeRow
from storage.sending.deferrals import MailId


class Claim(Value):
    """The wish to send the mail of one step at `at`; `mail_domain` is for its Message-ID.

    `resumes` counts the enrollment's resumes: a refused mail is claimed again only after another.
    `arm` is the variant of the mail that goes, `sender` the address that it is from.
    """

    row: UUID
    step: str
    occurrence: int = 1
    transactional: bool = False
    topic: str | None = None
    due: datetime
    at: datetime
    why: str
    resumes: int = 0
    mail_domain: str
    arm: str | None = None
    sender: str | None = None

    @property
    def kind(self) -> EmailKind:
        """Which kind of mail it is."""
        return "transactional" if self.transactional else "marketing"


class Claimed(Value):
    """The mail is ours to post now, to the contact as it is now.

    `attempt` goes with whatever is recorded of this claim.
    """

    send: UUID
    attempt: int
    message_id: str
    contact: Contact


class Braked(Value):
    """A brake keeps the mail back; it stands till the commit."""

    brake: BrakeRow


class Found(Value):
    """The mail was claimed before, `age` ago by PostgreSQL, and what is known of it.

    It is not ours to post.
    """

    send: SendRow
    age: timedelta


Lost = Found | Stopped | Suppressed | Braked
"""Why a mail was not claimed."""


def claim(connection: Connection, wanted: Claim, locked: Locked | None = None) -> Claimed | Lost:
    """Claim a mail: once, and only for a live, unpaused enrollment of somebody not suppressed.

    And only if no brake concerns it.

    It locks the contact and the enrollment, unless the caller has: an exit, pause or suppression
    that is committed before that stops the claim; a later one waits for this transaction. So
    commit at once, and post after that. LookupError if there is no such enrollment.
    """
    locked = locked or lock(connection, wanted.row)
    won = connection.execute(_entry(wanted.kind), _values(wanted)).mappings().first()
    if won is None:
        return _lost(connection, wanted, locked)
    return Claimed(
        send=won["id"],
        attempt=won["attempt"],
        message_id=won["message_id"],
        contact=locked.contact,
    )


_OF_THE_ENROLLMENT = {
    "enrollment_id": enrollments.c.id,
    "contact_id": enrollments.c.contact_id,
    "sequence": enrollments.c.sequence,
    "version": enrollments.c.version,
}
_GIVEN = (
    *("id", "step", "occurrence", "email_kind", "state", "cause", "attempt", "resumes"),
    *("due_at", "claimed_at", "message_id", "why", "arm", "sender"),
)


# Building a statement costs more than running it, and a claim is on every mail's way.
@cache
def _entry(kind: EmailKind) -> Executable:
    given = {name: bindparam(f"the_{name}", type_=sends.c[name].type) for name in _GIVEN}
    proposed: dict[str, ColumnElement[object]] = {**_OF_THE_ENROLLMENT, **given}
    allowed = (
        select(*proposed.values())
        .join_from(enrollments, contacts, contacts.c.id == enrollments.c.contact_id)
        .where(
            enrollments.c.id == bindparam("row", type_=enrollments.c.id.type),
            enrollments.c.ended_at.is_(None),
            enrollments.c.paused_at.is_(None),
            ~exists(_suppressed(kind)),
            brakes.none_for(given["sender"], given["step"], given["occurrence"]),
        )
    )
    entry = insert(sends).from_select(list(proposed), allowed)
    return _again(entry).returning(sends.c.id, sends.c.attempt, sends.c.message_id)


def _suppressed(kind: EmailKind) -> Select[str]:
    topic = bindparam("topic", type_=suppressed.c.topic.type)
    return (
        suppressions.stopping(
            exact=contacts.c.email_key,
            canonical=contacts.c.email_canonical,
            domain=contacts.c.email_domain,
        )
        .where(suppressions.reaches_mail(transactional=kind == "transactional", topic=topic))
        .correlate(contacts)
    )


def _values(wanted: Claim) -> dict[str, object]:
    send = uuid4()
    given = {
        "id": send,
        "step": wanted.step,
        "occurrence": wanted.occurrence,
        "email_kind": wanted.kind,
        "state": "claimed",
        "cause": "claim",
        "attempt": 1,
        "resumes": wanted.resumes,
        "due_at": wanted.due,
        "claimed_at": wanted.at,
        "message_id": f"<{send}@{wanted.mail_domain}>",
        "why": wanted.why,
        "arm": wanted.arm,
        "sender": None if wanted.sender is None else wanted.sender.lower(),
    }
    named = {f"the_{name}": value for name, value in given.items()}
    return named | {"row": wanted.row, "topic": wanted.topic}


def _again(entry: Insert) -> Insert:
    renewed = ("state", "cause", "resumes", "claimed_at", "why", "version", "arm", "sender")
    return entry.on_conflict_do_update(
        index_elements=["enrollment_id", "step", "occurrence"],
        set_={
            **{name: entry.excluded[name] for name in renewed},
            "attempt": sends.c.attempt + 1,
            "claimed_wall": func.now(),
            **dict.fromkeys(("settled_at", "settled_wall", "reason", "subject"), null()),
        },
        where=_may_be_claimed_again(entry.excluded.resumes),
    )


def _may_be_claimed_again(resumes: ColumnElement[int]) -> ColumnElement[bool]:
    mended = (sends.c.state == "refused") & (sends.c.resumes < resumes)
    return (sends.c.state == "retry") | mended


def _lost(connection: Connection, wanted: Claim, locked: Locked) -> Lost:
    age = (func.now() - sends.c.claimed_wall).label("age")
    earlier = select(sends, age).where(
        sends.c.enrollment_id == wanted.row,
        sends.c.step == wanted.step,
        sends.c.occurrence == wanted.occurrence,
        ~_may_be_claimed_again(literal(wanted.resumes)),
    )
    found = connection.execute(earlier).mappings().first()
    if found is not None:
        return Found(send=shaped(SendRow, found), age=found["age"])
    if locked.stopped is not None:
        return locked.stopped
    reason = suppressions.applying(
        connection, locked.contact.email, transactional=wanted.transactional, topic=wanted.topic
    )
    if reason is not None:
        return Suppressed(reason=reason)
    return _braked(connection, wanted)


def _braked(connection: Connection, wanted: Claim) -> Braked:
    mail = MailId(wanted.row, wanted.step, wanted.occurrence)
    brake = brakes.holding(connection, mail, wanted.sender)
    if brake is None:
        # It was released this moment: whoever asks again finds nothing in the way.
        raise RuntimeError(f"The claim of step {wanted.step} was refused for no reason that lasts.")
    return Braked(brake=brake)
