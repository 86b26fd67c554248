import pytest

from schemas.events import Event, Open
from tests.unit.decisions.living import (
    at,
    clicked,
    happened,
    live,
    paused,
    replied,
    resumed,
    told,
    written,
)

FIVE = "steps: [email: a, email: b, email: c, {email: d, id: d}, email: e, email: f]"
AFTER_THREE = written("unengaged: {after: 3}", FIVE)
WITH_OPENS = written("unengaged: {after: 3, opens: true}", FIVE)


def read(step: str, when: str) -> Open:
    return Open(id=f"open {step} {when}", step=step, at=at(when))


def ending(*events: Event) -> str:
    return told(live(AFTER_THREE, *events))[-1]


def test_after_so_many_mails_of_which_nothing_came_the_next_does_not_go() -> None:
    assert told(live(AFTER_THREE)) == [
        "a 03-02 10:00",
        "b 03-03 10:00",
        "c 03-04 10:00",
        "= unengaged 03-05 10:00",
    ]


@pytest.mark.parametrize(
    ("event", "ends"),
    [
        (clicked("a", "03-02 12:00"), "= unengaged 03-06 10:00"),
        (clicked("a", "03-04 12:00"), "= completed 03-07 10:00"),
        (clicked("c", "03-04 12:00"), "= completed 03-07 10:00"),
        (replied("03-03 12:00"), "= unengaged 03-07 10:00"),
        (replied("03-05 10:00"), "= completed 03-07 10:00"),
        (replied("03-05 10:01"), "= unengaged 03-05 10:00"),
        (read("c", "03-04 12:00"), "= unengaged 03-05 10:00"),
        (happened("login", "03-04 12:00"), "= unengaged 03-05 10:00"),
    ],
)
def test_it_counts_from_the_last_click_or_reply_on_whichever_mail(event: Event, ends: str) -> None:
    assert ending(event) == ends


def test_a_click_in_the_minute_in_which_a_mail_went_is_no_sign_of_that_mail() -> None:
    assert ending(clicked("a", "03-03 10:00")) == "= unengaged 03-06 10:00"
    assert ending(clicked("b", "03-03 10:00")) == "= unengaged 03-07 10:00"


def test_opens_count_only_if_the_sequence_says_so() -> None:
    assert told(live(WITH_OPENS, read("b", "03-03 12:00")))[-1] == "= unengaged 03-07 10:00"
    assert told(live(WITH_OPENS))[-1] == "= unengaged 03-05 10:00"


def test_transactional_mails_neither_count_nor_are_kept_back() -> None:
    sequence = written(
        """
        unengaged: {after: 2}
        steps:
          - email: a
          - {email: bill, kind: transactional}
          - {email: bill, id: another, kind: transactional}
          - email: b
          - {email: bill, id: last, kind: transactional}
          - email: c
        """
    )

    assert told(live(sequence)) == [
        "a 03-02 10:00",
        "bill 03-02 10:00",
        "another 03-02 10:00",
        "b 03-03 10:00",
        "last 03-03 10:00",
        "= unengaged 03-04 10:00",
    ]


def test_it_is_looked_at_when_the_mail_would_go_and_no_earlier() -> None:
    lived = live(AFTER_THREE, paused("03-04 12:00"), resumed("03-09 12:00"))

    assert told(lived)[-1] == "= unengaged 03-09 12:00"


def test_a_reply_before_the_mail_would_go_is_in_time() -> None:
    lived = live(AFTER_THREE, paused("03-04 12:00"), replied("03-08 12:00"), resumed("03-09 12:00"))

    assert told(lived)[3] == "d 03-09 12:00"


def test_a_mail_beside_the_main_steps_counts_and_is_looked_at_too() -> None:
    sequence = written(
        "unengaged: {after: 2}",
        "on: [{event: ping, do: [email: extra]}]",
        "steps: [email: a, email: b, wait: 9 days]",
    )

    lived = live(sequence, happened("ping", "03-05 12:00"))

    assert told(lived)[-1] == "= unengaged 03-05 12:00"


def test_a_sequence_that_sends_no_more_does_not_end_so() -> None:
    sequence = written("unengaged: {after: 2}", "steps: [email: a, email: b, wait: 1 day]")

    assert told(live(sequence))[-1] == "= completed 03-04 10:00"
