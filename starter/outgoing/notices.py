"""Notices, for those who look after them: tried again when a person asks."""

from sqlalchemy import Engine

from schemas.outcomes import Refused
from schemas.values import Value
from starter.outgoing.noticing import EVERY_SECONDS
from storage import notices


class Retried(Value):
    """The notice is tried again by the next worker that looks, and if it fails for three days.

    One that runs looks `within_seconds`, but waits while its endpoint is busy.
    """

    id: int
    within_seconds: int = EVERY_SECONDS


def retry(engine: Engine, notice: int) -> Retried | Refused:
    """Let a notice that waits or was given up be tried again as soon as a worker looks."""
    with engine.begin() as connection:
        if notices.retry(connection, notice):
            return Retried(id=notice)
    message = (
        f"notice {notice} was delivered or is none: "
        "`postroad notices list --undelivered` shows those that were not"
    )
    return Refused(reason="no_such_notice", message=message)
