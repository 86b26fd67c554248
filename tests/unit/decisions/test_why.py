import pytest

from schemas.decisions import Decision, Wait
from schemas.events import Event
from schemas.outcomes import Held
from schemas.progress import What
from tests.builders import a_progress
from tests.unit.decisions.living import (
    OFFICE,
    World,
    at,
    away,
    clicked,
    happened,
    live,
    paused,
    unsubscribed,
    written,
)
from workflows.after.folding import after_event
from workflows.deciding.decisions import decide

DAYS = written(OFFICE, "steps: [{email: one, day: 1}, {email: six, day: 6}]")
OUTSIDE = "outside the send window (mon-fri 09:00-17:00), so at its next opening"


def decided(body: str, now: str, *events: Event, start: str = "03-02 10:00") -> Decision:
    sequence = written(OFFICE, body)
    progress = a_progress(sequence, at(start))
    for event in events:
        progress = after_event(sequence, progress, event, at(now))
    return decide(sequence, progress, at(now))


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (decided("steps: [{email: one, day: 1}]", "03-02 10:00"), "day 1 of the sequence"),
        (decided("steps: [email: one]", "03-02 10:00"), "due when it is reached"),
        (
            decided("steps: [email: one]", "03-02 10:00", paused("03-02 10:00")),
            "due when it is reached; paused by ada",
        ),
        (
            decided("steps: [email: one]", "03-02 10:00", away("03-02 10:00", until="03-07")),
            f"due when it is reached; the contact is away; {OUTSIDE}",
        ),
        (
            decided(
                "steps: [email: one]", "03-02 10:00", away("03-02 10:00"), paused("03-02 10:00")
            ),
            "due when it is reached; paused by ada",
        ),
        (decided("steps: [wait: 1 day]", "03-02 10:00"), "waits 1 day"),
        (
            decided("steps: [{wait_for: {any: [ping, reply]}, within: 2 days}]", "03-02 10:00"),
            "waits for ping or reply, at most 2 days",
        ),
        (decided("steps: [{hand_off: other}]", "03-02 10:00"), "hands over to other"),
        (decided("steps: [{exit: enough}]", "03-02 10:00"), "the sequence says exit: enough"),
        (
            decided("steps: [email: one]", "03-02 10:00", unsubscribed("03-02 10:00")),
            "ended: unsubscribed",
        ),
    ],
)
def test_each_decision_says_why(decision: Decision, why: str) -> None:
    assert decision.why == why


def test_a_wait_is_until_the_mail_goes_and_not_until_the_window_opens() -> None:
    lived = live(DAYS, paused("03-08 20:00"))
    night = decide(DAYS, lived.model_copy(update={"stops": ()}), at("03-03 20:00"))

    assert isinstance(night, Wait)
    assert (night.step, night.until) == ("six", at("03-09 09:00"))


def test_a_mail_that_the_gap_moved_says_so() -> None:
    sequence = written("steps: [email: one, email: two]")

    sent = [entry.why for entry in live(sequence).timeline if entry.what is What.SENT]

    assert sent[1] == "due when it is reached; at least 1 day after the last mail"


def test_a_mail_exactly_at_the_end_of_the_gap_does_not_speak_of_it() -> None:
    sequence = written("steps: [{email: one, day: 1}, {email: two, day: 2}]")

    assert live(sequence).timeline[2].why == "day 2 of the sequence"


def test_a_held_mail_says_what_to_mend() -> None:
    sequence = written("steps: [email: one]")
    held = live(sequence, world=World({"one": Held(reason="mend the template")}))

    waiting = decide(sequence, held, at("03-02 10:00"))

    assert waiting.why == "due when it is reached; held: mend the template"


def test_a_branch_an_entry_of_on_and_the_end_say_why() -> None:
    sequence = written(
        """
        on: [{event: ping, do: [task: call]}, {click: one, do: [task: look]}]
        steps: [email: one, {when: contact.vip, then: [email: two]}, wait: 1 day]
        """
    )
    events = happened("ping", "03-02 12:00"), clicked("one", "03-02 13:00")

    plain, vip = live(sequence, *events), live(sequence, contact={"vip": True})

    assert [entry.why for entry in plain.timeline if entry.what is What.REACTED] == [
        "ping came",
        "click one came",
    ]
    assert [plain.timeline[2].why, vip.timeline[2].why] == [
        "contact.vip is not true",
        "contact.vip is true",
    ]
    assert decide(sequence, plain, at("03-09 10:00")).why == "every step is done"


def test_what_a_wait_for_came_to_is_told() -> None:
    sequence = written("steps: [{wait_for: ping, within: 2 days}]")

    came = live(sequence, happened("ping", "03-03 10:00")).timeline
    silent = live(sequence).timeline

    assert came[1].why == "ping came"
    assert silent[1].why == "ping did not come within 2 days"
