"""A mail that is over a rate waits in line, and goes at its turn."""

from schemas.decisions import Send
from schemas.outcomes import Braked
from schemas.progress import What
from tests.builders import a_progress
from tests.unit.decisions.living import World, at, live, noted, told, written
from tests.unit.decisions.test_deferrals import room, why
from workflows.after.deferring import braked
from workflows.after.outcomes import after_send
from workflows.deciding.decisions import decide
from workflows.showing import state_of
from workflows.telling.explaining import explained

ONE = written("steps: [{email: one}, {email: two, day: 2}]")
TURN = Braked(
    since=at("03-02 10:00"),
    until=at("03-02 11:30"),
    why="over the rate of its sender, 2 an hour",
    reserved=True,
)


def test_a_mail_that_is_over_a_rate_goes_at_its_turn() -> None:
    progress = live(ONE, world=World({"one": TURN}))

    assert told(progress)[0] == "one 03-02 11:30"
    assert why(progress, What.DEFERRED) == (
        "over the rate of its sender, 2 an hour; its turn comes at "
        "Mon 02 Mar 2026 11:30 America/New_York"
    )
    assert why(progress, What.SENT) == (
        "due when it is reached; over the rate of its sender, 2 an hour, so at its turn"
    )
    assert noted(progress, What.SKIPPED) == []


def test_it_asks_sooner_when_it_is_told_so() -> None:
    progress = live(ONE, room("03-02 10:40"), world=World({"one": TURN}))

    assert told(progress)[0] == "one 03-02 10:40"


def test_a_mail_in_line_is_not_kept_back_by_anybody() -> None:
    send = decide(ONE, a_progress(ONE, at("03-02 10:00")), at("03-02 10:00"))
    assert isinstance(send, Send)
    progress = after_send(ONE, a_progress(ONE, at("03-02 10:00")), send, TURN, at("03-02 10:00"))

    waits, *_ = explained(ONE, progress, at("03-02 10:30")).waits

    assert braked(progress, "one", 1) is None
    assert state_of(ONE, progress, at("03-02 10:30")) == "live"
    assert waits.startswith("one waits in line: over the rate of its sender, 2 an hour. Its turn")
