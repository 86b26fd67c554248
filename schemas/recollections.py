"""What a workflow's history remembers of an enrollment: more than a database from a backup does."""

from schemas.activities import EndRequest, SendRequest
from schemas.enrollment import EnrollmentStart
from schemas.events import Event
from schemas.outcomes import Enrolled, InDoubt, Sent
from schemas.values import Value


class Remembered(Value):
    """A mail that went, or may have: what was asked for, what came of it, how it was settled."""

    request: SendRequest
    outcome: Sent | InDoubt
    settled: bool | None = None


class Recollection(Value):
    """One enrollment as its workflow's history tells it, run by run put together.

    `unanswered` are sends that were asked for before what is lost was lost, and of which nobody
    can know whether they were posted; `told` is all that came in.
    """

    workflow_id: str
    run_id: str
    start: EnrollmentStart
    begun: Enrolled | None = None
    mails: tuple[Remembered, ...] = ()
    unanswered: tuple[SendRequest, ...] = ()
    told: tuple[Event, ...] = ()
    ended: EndRequest | None = None
