"""The states of a send and the only ways between them: declared once, here, and kept by PostgreSQL.

What came back about a mail (delivered, bounced, dropped …) is no state of it: that comes in any
order, and each is a moment of its own.
"""

from typing import Final, Literal, NamedTuple

from schemas.values import Moment, Value

SendState = Literal["claimed", "accepted", "refused", "retry", "in_doubt", "not_sent"]
"""Where a send stands: being posted; SendGrid has it; it was refused for a fault that a person can
mend; it certainly was not accepted and may be claimed again; nobody knows; settled as not sent."""

Cause = Literal[
    "claim",
    "accept",
    "refuse",
    "miss",
    "lose",
    "event",
    "log",
    "person",
    "give_up",
    "resend",
]
"""What brings a send from one state to another: it is claimed; SendGrid accepts it, or refuses it;
it surely did not get there; its answer is lost; an event shows that it went; SendGrid's log does; a
person says so; nobody said anything in time; nor did anybody, and its sequence sends it again."""

NEW: Final = "new"
"""Before its first claim a send is in no state: so the ways that begin there call it."""


class Way(NamedTuple):
    """One way from a state to another, and what brings it about."""

    before: SendState | Literal["new"]
    on: Cause
    after: SendState


WAYS: tuple[Way, ...] = (
    Way(NEW, "claim", "claimed"),
    Way("retry", "claim", "claimed"),
    Way("refused", "claim", "claimed"),
    Way("claimed", "accept", "accepted"),
    Way("claimed", "refuse", "refused"),
    Way("claimed", "miss", "retry"),
    Way("claimed", "lose", "in_doubt"),
    # A worker that was given up may tell what came of it after all: that it surely was not written.
    Way("in_doubt", "miss", "retry"),
    Way("in_doubt", "accept", "accepted"),
    Way("not_sent", "accept", "accepted"),
    # Acceptance may come to light after anything.
    Way("claimed", "event", "accepted"),
    Way("refused", "event", "accepted"),
    Way("retry", "event", "accepted"),
    Way("in_doubt", "event", "accepted"),
    Way("not_sent", "event", "accepted"),
    Way("in_doubt", "log", "accepted"),
    Way("in_doubt", "person", "accepted"),
    Way("not_sent", "person", "accepted"),
    Way("in_doubt", "person", "not_sent"),
    Way("in_doubt", "give_up", "not_sent"),
    Way("in_doubt", "resend", "retry"),
)
"""All ways that there are: nothing leads away from `accepted`."""


def befores(on: Cause, after: SendState) -> tuple[str, ...]:
    """Give the states from which a cause leads to a state."""
    return tuple(way.before for way in WAYS if (way.on, way.after) == (on, after))


class Verdict(Value):
    """What settles a mail: on what ground, in which state it is from then on, and why in words."""

    on: Literal["event", "log", "person", "give_up", "resend"]
    state: Literal["accepted", "not_sent", "retry"]
    at: Moment
    why: str | None = None


def shown(at: Moment) -> Verdict:
    """Settle by an event, which shows that SendGrid has the mail."""
    return Verdict(on="event", state="accepted", at=at)


def logged(at: Moment, why: str) -> Verdict:
    """Settle by SendGrid's log, in which the mail is."""
    return Verdict(on="log", state="accepted", at=at, why=why)


def sent_again(at: Moment, why: str | None = None) -> Verdict:
    """Settle by time, so that it may be claimed again: its sequence wants it so."""
    return Verdict(on="resend", state="retry", at=at, why=why)


def given_up(at: Moment, why: str | None = None) -> Verdict:
    """Settle by time: nobody will ever know."""
    return Verdict(on="give_up", state="not_sent", at=at, why=why)
