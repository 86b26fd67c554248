from schemas.outcomes import Held, InDoubt
from tests.builders import MONDAY
from tests.unit.decisions.living import (
    OFFICE,
    World,
    at,
    happened,
    live,
    resumed,
    told,
    written,
)

DOUBT = InDoubt(send="doubt", at=MONDAY)
BESIDE = "on: [{event: ping, do: [email: extra]}]\n"


def test_the_gap_moves_a_mail_and_then_the_window_does() -> None:
    sequence = written(OFFICE, "steps: [email: one, email: two]")

    assert told(live(sequence, start="03-06 16:59"))[1] == "two 03-09 09:00"


def test_a_late_mail_moves_the_next_one_though_that_was_due_before() -> None:
    sequence = written("steps: [{email: one, day: 1}, {email: two, day: 2}]")
    world = World({"one": Held(reason="mend the template")})

    lived = live(sequence, resumed("03-02 20:00"), world=world)

    assert told(lived)[:-1] == ["one 03-02 20:00", "two 03-03 20:00"]


def test_a_gap_of_hours_elapses() -> None:
    sequence = written("min_gap: 2 hours\nsteps: [email: one, email: two]")

    assert told(live(sequence))[1] == "two 03-02 12:00"


def test_a_handed_over_contact_keeps_the_distance_to_the_parents_last_mail() -> None:
    sequence = written("steps: [email: one]")

    lived = live(sequence, last_marketing_at=at("03-02 08:00"))

    assert told(lived)[0] == "one 03-03 08:00"


def test_a_mail_that_on_began_takes_the_place_of_a_mail_that_is_due_later() -> None:
    sequence = written(BESIDE, "steps: [email: one, {email: two, day: 2}]")

    lived = live(sequence, happened("ping", "03-02 12:00"))

    assert told(lived)[:-1] == ["one 03-02 10:00", "extra 03-03 10:00", "two 03-04 10:00"]


def test_of_two_mails_that_wait_for_the_opening_the_one_due_earlier_goes_first() -> None:
    sequence = written(OFFICE, BESIDE, "steps: [{email: one, day: 1}, {email: six, day: 6}]")

    lived = live(sequence, happened("ping", "03-08 12:00"))

    assert told(lived)[:-1] == ["one 03-02 10:00", "six 03-09 09:00", "extra 03-10 09:00"]


def test_a_mail_in_doubt_keeps_others_at_a_distance_while_nobody_knows() -> None:
    sequence = written(BESIDE, "steps: [email: one, {email: two, day: 4}]")

    lived = live(
        sequence, happened("ping", "03-05 10:05"), world=World({"two": DOUBT}, accepted=True)
    )

    assert told(lived)[:-1] == ["one 03-02 10:00", "two 03-05 10:00", "extra 03-06 10:00"]


def test_a_mail_in_doubt_that_did_not_go_keeps_nobody_at_a_distance() -> None:
    sequence = written(BESIDE, "steps: [email: one, {email: two, day: 4}]")

    lived = live(
        sequence, happened("ping", "03-05 10:05"), world=World({"two": DOUBT}, accepted=False)
    )

    assert told(lived)[:-1] == ["one 03-02 10:00", "extra 03-05 10:30"]


def test_a_mail_in_doubt_is_done_when_settled_and_the_gap_counts_from_when_it_went() -> None:
    sequence = written("steps: [email: one, email: two]")
    waiting = written("steps: [email: one, wait: 1 day, email: two]")
    world = World({"one": DOUBT}, accepted=True)

    assert told(live(sequence, world=world))[1] == "two 03-03 10:00"
    assert told(live(waiting, world=world))[1] == "two 03-03 10:30"


def test_a_transactional_mail_in_doubt_keeps_no_marketing_at_a_distance() -> None:
    sequence = written("steps: [{email: bill, kind: transactional}]\n", BESIDE)

    lived = live(
        sequence, happened("ping", "03-02 10:05"), world=World({"bill": DOUBT}, accepted=True)
    )

    assert told(lived)[:-1] == ["extra 03-02 10:05", "bill 03-02 10:00"]


def test_a_mail_settled_after_another_went_does_not_bring_the_next_one_nearer() -> None:
    body = "min_gap: 5 minutes\nsteps: [email: one, {email: two, day: 4}, email: three]\n"
    sequence = written(body, BESIDE)

    lived = live(
        sequence, happened("ping", "03-05 10:27"), world=World({"two": DOUBT}, accepted=True)
    )

    assert told(lived)[1:-1] == ["extra 03-05 10:27", "two 03-05 10:00", "three 03-05 10:32"]
