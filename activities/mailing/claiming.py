"""Claiming a mail: the last look at who may get it, and the right to send it once."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, NestedTransaction

from activities.letters.composing import Reader, address_from
from activities.letters.threads import thread_of
from activities.mailing.arms import arm_for
from activities.mailing.braking import KeptBack, keep_back
from activities.mailing.capping import Asked, Wanted, ask_caps
from activities.mailing.lanes import Soon, ask_rates, line_up
from activities.mailing.last_look import Ours, looked_again
from activities.mailing.outcomes import still_posted, told_of
from activities.published import Library, Published
from activities.rendering.rendered import Rewritten
from activities.restoring.alarm import heard
from activities.restoring.gauge import Gauge
from schemas.activities import SendRequest
from schemas.outcomes import SendOutcome, Suppressed
from schemas.steps import EmailStep
from storage.locks import Locked, lock
from storage.sending import overrides, sends
from storage.sending.claims import Braked, Claim, Claimed, Found, Lost, claim
from storage.sending.sends import Outcome
from workflows.sharing.capping import priority_of

POST_OVER = timedelta(seconds=40)
"""How old a claim is, by PostgreSQL, when whoever made it is surely not posting any more."""

BY_HAND = "; written by hand for this contact"
"""What the record of a mail says of it, after why it went, if somebody had overridden its text."""


class Claiming:
    """Claims mails, each in one transaction that is over before anything is posted."""

    def __init__(
        self, engine: Engine, library: Library, mail_domain: str, gauge: Gauge | None = None
    ) -> None:
        self._engine = engine
        self._library = library
        self._mail_domain = mail_domain
        self._gauge = gauge or Gauge()

    def claim(self, request: SendRequest) -> Ours | Soon | SendOutcome:
        """Claim the mail, or tell what stands in the way or came of it before.

        Who has left the audience, or has met a condition of `exit_on`, is out at this moment; a
        fact that keeps the mail back and that the workflow does not know of yet is told to it;
        what is over a cap or a rate after all that is put off. If PostgreSQL does not show what
        this process has seen in it, all sending stops, and this mail waits with the rest.
        LookupError if the enrollment, its version or the step does not exist.
        """
        before = self._gauge.seen
        with self._engine.connect() as connection:
            locked = lock(connection, UUID(request.row), before.send)
            is_lost = self._gauge.is_lost(before, locked)
            answer = None if is_lost else self._within_caps(connection, request, locked)
            connection.commit()
        if answer is None:
            heard(self._engine, self._gauge, before)
            return self.claim(request)
        if isinstance(answer, Ours):
            self._gauge.claimed(answer.claimed.send)
        return answer

    def _within_caps(
        self, connection: Connection, request: SendRequest, locked: Locked
    ) -> Ours | Soon | SendOutcome:
        published, step = self._step(connection, locked.version, request.step)
        wanted = Wanted(request, locked, published)
        asked = None if step.transactional else ask_caps(connection, wanted)
        # What else stands in the way, or came of the mail before, goes before a cap and a rate.
        is_tried = locked.rates is not None or (asked is not None and asked.deferred is not None)
        trial = connection.begin_nested() if is_tried else None
        answer = self._claim(connection, wanted, step)
        if isinstance(answer, Ours):
            answer = looked_again(connection, answer)
        if not isinstance(answer, Ours):
            if asked is not None and isinstance(answer, Suppressed):
                asked.left(connection)
            return answer
        return _limited(connection, wanted, answer, _Trial(trial, asked))

    def _claim(self, connection: Connection, asked: Wanted, step: EmailStep) -> Ours | SendOutcome:
        request, locked, published = asked.request, asked.locked, asked.published
        rewritten = _rewritten(connection, request, locked)
        arm = arm_for(connection, published.sequence, step, locked.contact.id)
        wanted = self._wanted(published, step, request)
        earlier = sends.of_enrollment(connection, wanted.row) if step.thread else []
        thread = thread_of(published.sequence, step, earlier)
        reader = Reader(contact=locked.contact, thread=thread, arm=arm, sender=locked.sender)
        sender = address_from(published, step, reader)
        given = {"arm": arm.name if arm else None, "sender": sender}
        if rewritten is not None:
            given["why"] = f"{request.why}{BY_HAND}"
        wanted = wanted.model_copy(update=given)
        answer = claim(connection, wanted, locked)
        if not isinstance(answer, Claimed):
            return _not_ours(connection, asked, answer)
        return Ours(request, answer, published, step, reader, rewritten, sender)

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


class _Trial(NamedTuple):
    """What is taken back if a cap or a rate stands in the way, and what the caps say."""

    point: NestedTransaction | None
    asked: Asked | None

    def take_back(self) -> None:
        if self.point is not None:
            self.point.rollback()


def _limited(
    connection: Connection, wanted: Wanted, ours: Ours, trial: _Trial
) -> Ours | Soon | SendOutcome:
    asked, urgent = trial.asked, ours.step.transactional
    if asked is not None and asked.deferred is not None:
        trial.take_back()
        return asked.settled(connection) or ours
    late = ask_rates(connection, wanted, ours.sender, urgent=urgent)
    if late is not None:
        trial.take_back()
        return line_up(connection, wanted, late, urgent=urgent)
    if asked is not None:
        asked.settled(connection)
    return ours


def _rewritten(connection: Connection, request: SendRequest, locked: Locked) -> Rewritten | None:
    if request.step not in locked.rewrites:
        return None
    kept = overrides.of_step(connection, UUID(request.row), request.step)
    return None if kept is None else Rewritten(subject=kept.subject, body=kept.body)


def _not_ours(connection: Connection, asked: Wanted, lost: Lost) -> SendOutcome:
    if isinstance(lost, Found):
        return _found(connection, lost, asked.request)
    if isinstance(lost, Braked):
        contact = asked.locked.contact.id
        mail = KeptBack(asked.request, contact, priority_of(asked.published.sequence))
        return keep_back(connection, mail, lost.brake)
    return lost


def _found(connection: Connection, found: Found, request: SendRequest) -> SendOutcome:
    send = found.send
    if send.state != "claimed":
        return told_of(send)
    if found.age < POST_OVER:
        raise still_posted(POST_OVER - found.age)
    # Whoever claimed it died, or was given up by Temporal: nobody knows whether it was posted.
    doubt = Outcome(state="in_doubt", at=request.now, reason="the worker did not tell what came")
    sends.record(connection, send.id, send.attempt, doubt)
    return told_of(sends.get(connection, send.id) or send)
