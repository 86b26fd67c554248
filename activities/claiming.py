"""Claiming a mail: the last look at who may get it, and the right to send it once."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine

from activities.outcomes import told_of
from activities.published import Library, Published
from activities.threads import Thread, thread_of
from activities.verdicts import early_ending, known_of
from schemas.activities import SendRequest
from schemas.outcomes import SendOutcome, Stopped
from schemas.progress import Ending
from schemas.steps import EmailStep
from storage import enrollments, sends
from storage.claims import Claim, Claimed, Found, claim
from storage.locks import lock
from storage.sends import Outcome
from workflows.endings import rank_of


@dataclass(frozen=True)
class Ours:
    """A mail that is ours to post, and all that composing it takes."""

    request: SendRequest
    claimed: Claimed
    published: Published
    step: EmailStep
    thread: Thread | None


class Claiming:
    """Claims mails, each in one transaction that is over before anything is posted."""

    def __init__(self, engine: Engine, library: Library, mail_domain: str) -> None:
        self._engine = engine
        self._library = library
        self._mail_domain = mail_domain

    def claim(self, request: SendRequest) -> Ours | SendOutcome:
        """Claim the mail, or tell what stands in the way or came of it before.

        Who has left the audience, or has met a condition of `exit_on`, is out at this moment.
        LookupError if the enrollment, its version or the step does not exist.
        """
        with self._engine.connect() as connection:
            answer = self._claim(connection, request)
            ending = _early_ending(connection, answer) if isinstance(answer, Ours) else None
            if isinstance(answer, Ours) and ending is not None:
                connection.rollback()
                answer = _end(connection, answer, ending)
            connection.commit()
        return answer

    def _claim(self, connection: Connection, request: SendRequest) -> Ours | SendOutcome:
        locked = lock(connection, UUID(request.row))
        published, step = self._step(connection, locked.version, request.step)
        wanted = self._wanted(published, step, request)
        answer = claim(connection, wanted, locked)
        if isinstance(answer, Found):
            return _found(connection, answer, request)
        if not isinstance(answer, Claimed):
            return answer
        earlier = sends.of_enrollment(connection, wanted.row) if step.thread else []
        thread = thread_of(published.sequence, step, earlier)
        return Ours(request, answer, published, step, thread)

    def _step(self, connection: Connection, version: str, name: str) -> tuple[Published, EmailStep]:
        published = self._library.get(connection, version)
        step = published.sequence.step_by_id.get(name) if published else None
        if published is None or not isinstance(step, EmailStep):
            raise LookupError(f"Version {version} has no mail at step {name}.")
        return published, step

    def _wanted(self, published: Published, step: EmailStep, request: SendRequest) -> Claim:
        return Claim(
            row=UUID(request.row),
            step=step.id,
            occurrence=request.occurrence,
            transactional=step.transactional,
            topic=published.sequence.topic,
            due=request.due,
            at=request.now,
            why=request.why,
            resumes=request.resumes,
            mail_domain=self._mail_domain,
        )


def _found(connection: Connection, found: Found, request: SendRequest) -> SendOutcome:
    send = found.send
    if send.state != "claimed":
        return told_of(send)
    # Whoever claimed it died, or was given up by Temporal: nobody knows whether it was posted.
    doubt = Outcome(state="in_doubt", at=request.now, reason="the worker did not tell what came")
    sends.record(connection, send.id, send.attempt, doubt)
    return told_of(sends.get(connection, send.id) or send)


def _early_ending(connection: Connection, ours: Ours) -> Ending | None:
    sequence, request = ours.published.sequence, ours.request
    asks = any(rule.when for rule in sequence.exit_on)
    earlier = sends.of_enrollment(connection, UUID(request.row)) if asks else []
    known = known_of(ours.claimed.contact, request.data, request.key, earlier)
    return early_ending(sequence, ours.step, known, request.now)


def _end(connection: Connection, ours: Ours, ending: Ending) -> Stopped:
    rank = rank_of(ours.published.sequence, ending.name)
    return Stopped(ending=enrollments.end(connection, UUID(ours.request.row), ending, rank))
