"""A rival of a scenario's sequence: one of its group, of a higher priority, that takes turns."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from activities.admitting.beginning import Beginning
from activities.endings import put_down
from activities.published import Library
from activities.sequences import sequences
from devstack.rehearsal.faults import CannotBeLivedError
from schemas.activities import BeginRequest
from schemas.content import Content, Mailbox
from schemas.enrollment import EnrollmentStart
from schemas.events import Turn
from schemas.ids import enrollment_id
from schemas.outcomes import Enrolled
from schemas.policies import Turns
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.version import Version
from storage import enrolled, versions

_LAST_RANK = 1000


def take_turns(engine: Engine, workflow_id: str, turn: Turn, at: datetime) -> None:
    """Let the rival take the contact over from an enrollment, or be done with it.

    It is on record as if it ran, and is let in by the door by which all are.
    """
    with engine.begin() as connection:
        row = enrolled.find(connection, workflow_id)
        own = None if row is None else sequences().get(connection, row.version)
        if row is None or own is None:
            raise CannotBeLivedError("its enrollment is not on record, and has no turn to lose")
        rival = _published(connection, own, at)
    if turn.held:
        _leave(engine, rival, row.contact_id, at)
    else:
        _enter(engine, rival, (row.contact_id, turn.id), at)


def _published(connection: Connection, own: Sequence, at: datetime) -> str:
    policy = own.turns or Turns()
    name = f"rival-{policy.exclusive}-{policy.priority}"
    higher = Turns(exclusive=policy.exclusive, priority=policy.priority + 1)
    mail = EmailStep(id="mail", email="mail")
    rival = Sequence(name=name, steps=(mail,), first="mail", turns=higher, re_enroll="always")
    content = Content(files={"mail.md": "Hi"}, sender=Mailbox(email="rival@acme.example"))
    versions.publish(connection, Version.of(rival, content), by="scenario", at=at)
    return name


def _enter(engine: Engine, rival: str, named: tuple[str, str], at: datetime) -> None:
    contact, run = named
    request = BeginRequest(
        start=EnrollmentStart(sequence=rival, contact=contact, at=at, source="scenario"),
        workflow_id=enrollment_id(rival, contact, None),
        run_id=run,
        now=at,
    )
    answer = Beginning(engine, Library()).begin(request)
    if not isinstance(answer, Enrolled):
        raise CannotBeLivedError("no other sequence takes its contact over")


def _leave(engine: Engine, rival: str, contact: str, at: datetime) -> None:
    workflow_id = enrollment_id(rival, contact, None)
    with engine.begin() as connection:
        row = enrolled.find(connection, workflow_id)
        if row is None or row.ended_at is not None:
            raise CannotBeLivedError("no other sequence has its contact by then")
        put_down(connection, row.id, Ending(name="completed", at=at), _LAST_RANK)
