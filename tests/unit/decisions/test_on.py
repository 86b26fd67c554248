from schemas.progress import What
from tests.unit.decisions.living import (
    OFFICE,
    Late,
    World,
    at,
    away,
    clicked,
    happened,
    live,
    noted,
    paused,
    resumed,
    told,
    written,
)


def test_an_entry_acts_once_however_often_its_event_comes() -> None:
    sequence = written("on: [{event: ping, do: [email: extra]}]\nsteps: [wait: 9 days]")

    lived = live(sequence, happened("ping", "03-03 10:00"), happened("ping", "03-05 10:00"))

    assert told(lived) == ["extra 03-03 10:00", "= completed 03-11 10:00"]


def test_an_entry_that_repeats_acts_at_each_event() -> None:
    sequence = written(
        "on: [{event: ping, repeat: true, do: [email: extra]}]\nsteps: [wait: 9 days]"
    )

    lived = live(
        sequence,
        happened("ping", "03-03 10:00"),
        happened("ping", "03-03 12:00"),
        happened("ping", "03-08 10:00"),
    )

    assert told(lived)[:-1] == ["extra 03-03 10:00", "extra 03-04 10:00", "extra 03-08 10:00"]
    assert [mail.occurrence for mail in lived.mails] == [1, 2, 3]


def test_one_event_serves_several_entries_in_the_order_written() -> None:
    sequence = written(
        """
        min_gap: 0 days
        on: [{event: ping, do: [email: first]}, {event: ping, do: [email: second]}]
        steps: [wait: 9 days]
        """
    )

    lived = live(sequence, happened("ping", "03-03 10:00"))

    assert told(lived)[:-1] == ["first 03-03 10:00", "second 03-03 10:00"]


def test_an_event_of_before_the_enrollment_begins_nothing() -> None:
    sequence = written("on: [{event: ping, do: [exit: pinged]}]\nsteps: [wait: 1 day]")

    assert told(live(sequence, Late(happened("ping", "03-02 09:59"), at("03-02 10:05")))) == [
        "= completed 03-03 10:00"
    ]
    assert told(live(sequence, happened("ping", "03-02 10:00"))) == ["= pinged 03-02 10:00"]


def test_in_one_minute_on_acts_before_the_mail_that_is_due() -> None:
    sequence = written(
        OFFICE,
        "on: [{click: one, do: [hand_off: other]}]",
        "steps: [{email: one, day: 1}, {email: six, day: 6}]",
    )

    lived = live(sequence, clicked("one", "03-09 09:00"))

    assert told(lived) == ["one 03-02 10:00", "= handed_off 03-09 09:00"]


def test_in_one_minute_the_exit_of_on_comes_before_that_of_the_steps() -> None:
    sequence = written(
        "on: [{event: ping, do: [exit: pinged]}]\nsteps: [wait: 1 day, exit: waited]"
    )

    assert told(live(sequence, happened("ping", "03-03 10:00"))) == ["= pinged 03-03 10:00"]


def test_a_pause_keeps_the_mails_of_on_and_of_the_steps() -> None:
    sequence = written("on: [{event: ping, do: [email: extra]}]\nsteps: [email: one, email: two]")

    lived = live(sequence, happened("ping", "03-02 10:05"), paused("03-02 11:00"))

    assert told(lived) == ["one 03-02 10:00", "= live"]


def test_a_mail_of_on_keeps_to_the_window_and_the_gap() -> None:
    sequence = written(
        OFFICE, "on: [{event: ping, do: [email: extra]}]", "steps: [email: one, wait: 9 days]"
    )

    lived = live(sequence, happened("ping", "03-06 20:00"), start="03-06 16:00")

    assert told(lived)[1] == "extra 03-09 09:00"


def test_only_the_mails_of_on_wait_for_the_end_of_an_absence() -> None:
    sequence = written(
        """
        on: [{event: ping, do: [{task: call}, {when: contact.vip, else: [email: extra]}]}]
        steps: [wait: 9 days]
        """
    )

    lived = live(sequence, away("03-02 11:00", until="03-05"), happened("ping", "03-03 10:00"))

    assert noted(lived, What.REACTED, What.TASK_OPENED, What.BRANCHED) == [
        "- 03-03 10:00",
        "call 03-03 10:00",
        "when-1 03-03 10:00",
    ]
    assert told(lived)[0] == "extra 03-05 00:00"


def test_a_pause_keeps_what_on_does_for_the_resume() -> None:
    sequence = written("on: [{event: ping, do: [{task: call}]}]\nsteps: [wait: 9 days]")

    lived = live(
        sequence, paused("03-02 11:00"), happened("ping", "03-03 10:00"), resumed("03-04 12:00")
    )

    assert noted(lived, What.REACTED, What.TASK_OPENED) == ["- 03-04 12:00", "call 03-04 12:00"]


def test_an_event_of_before_a_pause_that_is_heard_of_after_it_keeps_its_moment() -> None:
    sequence = written("on: [{event: ping, do: [{task: call}]}]\nsteps: [wait: 9 days]")
    ping = Late(happened("ping", "03-02 10:59"), at("03-04 13:00"))

    lived = live(sequence, paused("03-02 11:00"), resumed("03-04 12:00"), ping)

    assert noted(lived, What.REACTED) == ["- 03-02 10:59"]


def test_what_a_pause_kept_is_done_in_the_order_of_the_events() -> None:
    sequence = written(
        """
        on: [{event: pong, do: [exit: ponged]}, {event: ping, do: [exit: pinged]}]
        steps: [wait: 9 days]
        """
    )

    lived = live(
        sequence,
        paused("03-02 11:00"),
        happened("ping", "03-03 10:00"),
        happened("pong", "03-03 10:01"),
        resumed("03-04 12:00"),
    )

    assert told(lived) == ["= pinged 03-04 12:00"]


def test_what_ends_the_enrollment_is_done_before_on() -> None:
    sequence = written(
        "exit_on: [ping]\non: [{event: ping, do: [hand_off: other]}]\nsteps: [wait: 9 days]"
    )

    assert told(live(sequence, happened("ping", "03-03 10:00"))) == ["= ping 03-03 10:00"]


def test_a_mail_that_on_began_goes_though_the_main_steps_are_done() -> None:
    sequence = written(
        """
        min_gap: 2 days
        on: [{event: ping, do: [email: extra]}, {event: pong, do: [email: last]}]
        steps: [email: one, wait: 1 day]
        """
    )

    lived = live(sequence, happened("ping", "03-02 12:00"), happened("pong", "03-04 09:59"))

    assert told(lived) == [
        "one 03-02 10:00",
        "extra 03-04 10:00",
        "last 03-06 10:00",
        "= completed 03-06 10:00",
    ]


def test_a_refused_hand_off_uses_its_entry_up_and_the_steps_go_on() -> None:
    sequence = written(
        """
        on: [{event: ping, do: [{hand_off: other, else: [{task: call}]}]}]
        steps: [wait: 9 days]
        """
    )

    lived = live(
        sequence,
        happened("ping", "03-03 10:00"),
        happened("ping", "03-04 10:00"),
        world=World(refuses=True),
    )

    assert noted(lived, What.HAND_OFF_REFUSED) == ["hand-off-1 03-03 10:00"]
    assert noted(lived, What.TASK_OPENED) == ["call 03-03 10:00"]
    assert told(lived) == ["= completed 03-11 10:00"]


def test_an_exit_by_an_event_heard_of_late_is_not_earlier_than_a_mail_that_went() -> None:
    sequence = written(
        """
        on: [{event: ping, do: [exit: pinged]}]
        steps: [wait: 1 day, email: one, wait: 9 days]
        """
    )

    before = live(sequence, Late(happened("ping", "03-02 12:00"), at("03-02 15:00")))
    after = live(sequence, Late(happened("ping", "03-02 12:00"), at("03-04 12:00")))

    assert told(before) == ["= pinged 03-02 12:00"]
    assert told(after) == ["one 03-03 10:00", "= pinged 03-03 10:00"]
