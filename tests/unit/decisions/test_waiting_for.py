import pytest

from schemas.events import AppEvent
from tests.unit.decisions.living import Late, at, happened, live, replied, told, written

ANY = written(
    """
    steps:
      - wait_for: {any: [ping, pong]}
        within: 2 days
        then: {ping: [{exit: pinged}], pong: [{exit: ponged}]}
        else: [{exit: silent}]
    """
)


def waiting(options: str, *before: str) -> str:
    steps = "".join(f"  - {step}\n" for step in before)
    return (
        f"steps:\n{steps}  - wait_for: {{event: ping, {options}}}\n"
        "    within: 2 days\n    then: [{exit: came}]\n    else: [{exit: silent}]\n"
    )


def test_of_two_events_the_earlier_leads_whatever_their_order() -> None:
    lived = live(ANY, happened("pong", "03-03 10:00"), happened("ping", "03-03 10:01"))

    assert told(lived) == ["= ponged 03-03 10:00"]


def test_of_two_events_of_one_minute_the_one_written_first_leads() -> None:
    lived = live(
        ANY,
        Late(happened("pong", "03-03 10:00"), at("03-03 10:00")),
        Late(happened("ping", "03-03 10:00"), at("03-03 10:00")),
    )

    assert told(lived) == ["= pinged 03-03 10:00"]


@pytest.mark.parametrize(
    ("ping", "ending"),
    [
        ("03-04 10:00", "= pinged 03-04 10:00"),
        ("03-04 10:01", "= silent 03-04 10:00"),
    ],
)
def test_the_last_minute_of_within_still_counts(ping: str, ending: str) -> None:
    assert told(live(ANY, happened("ping", ping))) == [ending]


def test_an_event_heard_of_late_counts_from_its_own_moment() -> None:
    sequence = written(
        """
        steps:
          - wait_for: ping
            within: 2 days
            then: [wait: 1 day, {email: two}]
            else: [{exit: silent}]
        """
    )

    lived = live(sequence, Late(happened("ping", "03-02 12:00"), at("03-02 18:00")))

    assert told(lived)[0] == "two 03-03 12:00"


def test_an_event_heard_of_after_the_decision_undoes_nothing() -> None:
    late = Late(happened("ping", "03-04 09:59"), at("03-04 10:01"))

    assert told(live(ANY, late)) == ["= silent 03-04 10:00"]


@pytest.mark.parametrize(
    ("ping", "ending"),
    [
        ("03-02 10:00", "= came 03-03 10:00"),
        ("03-02 09:59", "= silent 03-05 10:00"),
    ],
)
def test_events_count_from_the_minute_of_the_enrollment_on(ping: str, ending: str) -> None:
    sequence = written(waiting("since: enrollment", "wait: 1 day"))

    lived = live(sequence, Late(happened("ping", ping), at("03-02 10:05")))

    assert told(lived) == [ending]


@pytest.mark.parametrize(
    ("ping", "ending"),
    [
        ("03-03 10:00", "= came 03-03 10:00"),
        ("03-03 09:59", "= silent 03-05 10:00"),
    ],
)
def test_since_the_step_counts_from_the_minute_in_which_it_is_reached(
    ping: str, ending: str
) -> None:
    sequence = written(waiting("since: step", "wait: 1 day"))

    assert told(live(sequence, happened("ping", ping))) == [ending]


def test_since_always_counts_what_came_before_however_it_is_heard_of() -> None:
    sequence = written(waiting("since: always", "wait: 1 day"))
    before = happened("ping", "02-20 10:00")

    known = live(sequence, earlier=(before,))
    heard = live(sequence, Late(before, at("03-02 10:05")))

    assert told(known) == told(heard) == ["= came 03-03 10:00"]


def test_a_wait_takes_the_earliest_event_that_no_wait_has_taken() -> None:
    sequence = written(
        """
        steps:
          - {wait_for: ping, within: 5 days}
          - {wait_for: ping, within: 5 days}
          - exit: twice
        """
    )

    lived = live(sequence, happened("ping", "03-03 10:00"), happened("ping", "03-04 10:00"))

    assert told(lived) == ["= twice 03-04 10:00"]


def test_conditions_and_on_take_no_event_away() -> None:
    sequence = written(
        """
        on: [{event: ping, do: [email: extra]}]
        steps:
          - wait: 1 day
          - wait_for: ping
            within: 2 days
            then: [{exit: came}]
        """
    )

    assert told(live(sequence, happened("ping", "03-02 12:00"))) == [
        "extra 03-02 12:00",
        "= came 03-03 10:00",
    ]


def test_where_looks_at_the_fields_of_the_event() -> None:
    sequence = written(waiting("where: event.amount > 100"))

    def paid(amount: int, when: str) -> AppEvent:
        return happened("ping", when).model_copy(update={"fields": {"amount": amount}})

    lived = live(sequence, paid(100, "03-02 12:00"), paid(101, "03-02 13:00"))

    assert told(lived) == ["= came 03-02 13:00"]


def test_a_condition_is_decided_once_when_it_is_reached() -> None:
    sequence = written(
        """
        steps:
          - wait: 1 day
          - when: replied()
            then: [{exit: talked}]
            else: [wait: 1 day, exit: silent]
        """
    )

    assert told(live(sequence, replied("03-03 10:00"))) == ["= talked 03-03 10:00"]
    assert told(live(sequence, replied("03-03 10:01"))) == ["= silent 03-04 10:00"]


def test_a_reply_of_before_the_enrollment_is_no_reply_to_it() -> None:
    sequence = written("steps: [wait: 1 day, {when: replied(), then: [exit: talked]}]")

    lived = live(sequence, Late(replied("03-02 09:59"), at("03-02 10:05")))

    assert told(lived) == ["= completed 03-03 10:00"]
