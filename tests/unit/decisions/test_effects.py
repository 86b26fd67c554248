import pytest

from schemas.decisions import Effect
from schemas.progress import What
from tests.builders import MONDAY, a_progress
from tests.unit.decisions.living import (
    away,
    happened,
    live,
    noted,
    paused,
    resumed,
    told,
    unsubscribed,
    written,
)
from workflows.deciding.decisions import decide
from workflows.deciding.facts import contact_at

THREE = """
steps:
  - set: {engaged: true}
  - webhook: https://hooks.acme.example/x
  - notify: "look here"
  - exit: over
"""


def test_effects_are_done_at_once_one_after_the_other() -> None:
    lived = live(written(THREE))

    assert noted(lived, What.EFFECT) == [
        "set-1 03-02 10:00",
        "webhook-1 03-02 10:00",
        "notify-1 03-02 10:00",
    ]
    assert told(lived) == ["= over 03-02 10:00"]


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("set: {engaged: true}", "changes facts about the contact"),
        ("webhook: https://hooks.acme.example/x", "posts a webhook"),
        ('notify: "look here"', "tells the owner"),
    ],
)
def test_each_says_what_it_does(step: str, why: str) -> None:
    sequence = written(f"steps: [{step}]")

    decision = decide(sequence, a_progress(sequence), MONDAY)

    assert isinstance(decision, Effect)
    assert (decision.why, decision.occurrence) == (why, 1)


def test_what_is_set_counts_for_conditions_from_then_on() -> None:
    sequence = written(
        """
        steps:
          - when: contact.engaged == true
            then: [exit: too-early]
          - set: {engaged: true, score: 3}
          - when: contact.engaged == true and contact.score == 3
            then: [exit: set]
        """
    )

    lived = live(sequence, contact={"engaged": False, "name": "Ada"})

    assert told(lived) == ["= set 03-02 10:00"]
    assert contact_at(lived, MONDAY) == {"engaged": True, "score": 3, "name": "Ada"}


def test_what_is_set_may_end_the_enrollment() -> None:
    sequence = written(
        "exit_on: [{when: contact.stage == 'customer', as: became_customer}]",
        "steps: [wait: 1 day, set: {stage: customer}, email: one]",
    )

    assert told(live(sequence)) == ["= became_customer 03-03 10:00"]


def test_what_is_set_may_give_a_date_its_value() -> None:
    sequence = written("steps: [set: {renewal: '2026-03-09'}, {email: one, at: contact.renewal}]")

    assert told(live(sequence))[0] == "one 03-09 09:00"


def test_neither_the_window_nor_an_absence_nor_a_pause_keeps_effects_of_the_steps_back() -> None:
    sequence = written(
        "send_window: {days: [sun], timezone: America/New_York}",
        "steps: [{wait_for: ping, within: 9 days}, notify: 'look here', email: one]",
    )
    ping = happened("ping", "03-03 12:00")

    away_then = live(sequence, away("03-02 11:00", until="03-20"), ping)
    paused_then = live(sequence, paused("03-02 11:00"), ping)

    assert noted(away_then, What.EFFECT) == ["notify-1 03-03 12:00"]
    assert noted(paused_then, What.EFFECT) == ["notify-1 03-03 12:00"]


def test_a_pause_keeps_those_of_a_reaction_for_the_resume() -> None:
    sequence = written("on: [{event: ping, do: [notify: 'look']}]", "steps: [wait: 9 days]")
    ping = happened("ping", "03-03 12:00")

    held = live(sequence, away("03-02 11:00", until="03-20"), ping)
    kept = live(sequence, paused("03-02 11:00"), ping, resumed("03-04 12:00"))

    assert noted(held, What.EFFECT) == ["notify-1 03-03 12:00"]
    assert noted(kept, What.EFFECT) == ["notify-1 03-04 12:00"]


def test_effects_go_on_for_who_wants_no_more_marketing() -> None:
    sequence = written("steps: [wait: 1 day, notify: 'look', {email: bill, kind: transactional}]")

    lived = live(sequence, unsubscribed("03-02 12:00"))

    assert noted(lived, What.EFFECT) == ["notify-1 03-03 10:00"]
    assert told(lived) == ["bill 03-03 10:00", "= unsubscribed 03-03 10:00"]


def test_a_reaction_that_repeats_gives_each_of_its_effects_its_own_number() -> None:
    sequence = written(
        "on: [{event: ping, repeat: true, do: [notify: 'look']}]", "steps: [wait: 9 days]"
    )
    pings = [happened("ping", f"03-0{day} 12:00") for day in (3, 4, 5)]

    lived = live(sequence, *pings)

    assert len(noted(lived, What.EFFECT)) == 3
    assert len(set(lived.started)) == 3
