import pytest

from schemas.events import Blocked, Bounce, Complaint, Event
from tests.unit.decisions.living import clicked, happened, replied, unsubscribed, written
from workflows.deciding.endings import ending_at_once

WHEN = "03-03 10:00"
MARKETING = written("topic: news\nexit_on: [won, reply]\nsteps: [email: one]")
MIXED = written(
    "topic: news\nexit_on: [won]\nsteps: [email: one, {email: bill, kind: transactional}]"
)


@pytest.mark.parametrize(
    ("event", "ending"),
    [
        (Bounce(id="b"), ("bounced", 0)),
        (Bounce(id="b", hard=False), None),
        (Complaint(id="c"), ("complained", 1)),
        (unsubscribed(WHEN), ("unsubscribed", 2)),
        (unsubscribed(WHEN, topic="news"), ("unsubscribed", 2)),
        (unsubscribed(WHEN, topic="events"), None),
        (Blocked(id="l", reason="left_company"), ("left_company", 3)),
        (Blocked(id="l"), ("suppressed", 1000)),
        (happened("won", WHEN), ("won", 10)),
        (replied(WHEN), ("replied", 11)),
        (happened("lost", WHEN), None),
        (clicked("one", WHEN), None),
    ],
)
def test_what_ends_at_once_is_known_without_the_enrollment(
    event: Event, ending: tuple[str, int] | None
) -> None:
    assert ending_at_once(MARKETING, event) == ending


@pytest.mark.parametrize("event", [Complaint(id="c"), unsubscribed(WHEN)])
def test_where_a_step_is_transactional_only_the_enrollment_knows_when_it_ends(
    event: Event,
) -> None:
    assert ending_at_once(MIXED, event) is None
