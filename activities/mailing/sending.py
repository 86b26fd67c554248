"""Sending one mail at most once: claim, compose, post, record."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection, Engine

from activities.letters.addresses import Addresses
from activities.letters.composing import Composed, Occasion, compose
from activities.mailing.braking import KeptBack, brake_on, keep_back
from activities.mailing.claiming import Claiming
from activities.mailing.lanes import Soon
from activities.mailing.last_look import Ours
from activities.mailing.outcomes import Standing, not_accepted, not_yet, outcome_of, told, told_of
from activities.mailing.sendgrid import (
    Answer,
    NotAccepted,
    RateLimited,
    SenderFault,
    SendGrid,
)
from activities.rendering.rendered import TemplateFault
from schemas.activities import SendRequest
from schemas.outcomes import SendOutcome
from storage.people import contacts
from storage.rows import SendRow
from storage.sending import deferrals, sends
from storage.sending.sends import Outcome
from workflows.sharing.capping import priority_of

log = logging.getLogger(__name__)

POST_WITHIN = timedelta(seconds=20)
"""How long after its activity began a mail may still be written, by a clock that never goes back.

That is asked with the connection there, right before each part of the request; writing one takes
at most the request's timeout. So it is over before a claim is POST_OVER old, when alone another
attempt may call it in doubt, and so before it can be settled as not sent.
"""


class Sending:
    """Sends mails for enrollments; safe to share between threads."""

    def __init__(
        self,
        engine: Engine,
        sendgrid: SendGrid,
        addresses: Addresses,
        claiming: Claiming,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        # One statement records an outcome: it is its own transaction, without BEGIN and COMMIT.
        self._engine = engine
        self._ledger = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._sendgrid = sendgrid
        self._addresses = addresses
        self._claiming = claiming
        self._clock = clock

    def send(self, request: SendRequest) -> SendOutcome:
        """Send a step's mail once, whatever happens to this worker or to the request.

        Raises ApplicationError, for Temporal to try again, if SendGrid certainly did not take it,
        or if the mail's turn comes within the minute.
        """
        deadline = self._clock() + POST_WITHIN.total_seconds()
        ours = self._claiming.claim(request)
        if isinstance(ours, Soon):
            raise not_yet(ours.wait, ours.why)
        if not isinstance(ours, Ours):
            return ours
        mail = self._compose(ours)
        if isinstance(mail, TemplateFault):
            return self._record(ours, Outcome(state="refused", at=request.now, reason=mail.reason))
        answer = self._post(mail, deadline)
        if isinstance(answer, SenderFault):
            return self._brake(ours, mail, answer)
        outcome = self._record(ours, outcome_of(answer, mail.rendered.subject, request.now))
        if isinstance(answer, NotAccepted | RateLimited):
            raise not_accepted(answer, ours.claimed.send)
        return outcome

    def _compose(self, ours: Ours) -> Composed | TemplateFault:
        occasion = Occasion(
            data=ours.request.data,
            key=ours.request.key,
            send=ours.claimed.send,
            message_id=ours.claimed.message_id,
            at=ours.request.now,
            contact=ours.claimed.contact,
            thread=ours.reader.thread,
            arm=ours.reader.arm,
            sender=ours.reader.sender,
            rewritten=ours.rewritten,
        )
        return compose(ours.published, ours.step, occasion, self._addresses)

    def _post(self, mail: Composed, deadline: float) -> Answer:
        return self._sendgrid.post(mail.message, in_time=lambda: self._clock() <= deadline)

    def _brake(self, ours: Ours, mail: Composed, fault: SenderFault) -> SendOutcome:
        """Let all wait whom SendGrid's answer concerns, this mail among them."""
        contact, at = ours.claimed.contact.id, ours.request.now
        missed = outcome_of(fault, mail.rendered.subject, at)
        kept = KeptBack(ours.request, contact, priority_of(ours.published.sequence))
        with self._engine.begin() as connection:
            contacts.lock(connection, contact)
            row = _recorded(connection, ours, missed)
            if row is not None:
                return told_of(row)
            brake, new = brake_on(connection, fault, mail.sender.email, at)
            if new:
                log.warning("mails wait (%s): %s", fault.concerns, fault.words)
            return keep_back(connection, kept, brake)

    def _record(self, ours: Ours, outcome: Outcome) -> SendOutcome:
        at = ours.request.now
        row = (
            self._refuse(ours, outcome) if outcome.state == "refused" else self._put(ours, outcome)
        )
        if row is not None:
            return told_of(row)
        arm = ours.reader.arm.name if ours.reader.arm else None
        return told(Standing(outcome.state, ours.claimed.send, at, outcome.reason, arm))

    def _put(self, ours: Ours, outcome: Outcome) -> SendRow | None:
        with self._ledger.connect() as connection:
            return _recorded(connection, ours, outcome)

    def _refuse(self, ours: Ours, outcome: Outcome) -> SendRow | None:
        """Record a refusal, which gives room back to mails that a cap put off."""
        contact = ours.claimed.contact.id
        with self._engine.begin() as connection:
            contacts.lock(connection, contact)
            row = _recorded(connection, ours, outcome)
            deferrals.wake(connection, contact, ours.request.now)
        return row


def _recorded(connection: Connection, ours: Ours, outcome: Outcome) -> SendRow | None:
    """Record an outcome; if another counts, give what is on record."""
    send = ours.claimed.send
    counts = sends.record(connection, send, ours.claimed.attempt, outcome)
    return None if counts else sends.get(connection, send)
