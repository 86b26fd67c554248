from schemas.decisions import Decision, Move, Send, Wait
from schemas.events import Event
from schemas.outcomes import InDoubt
from tests.builders import MONDAY, a_progress
from tests.unit.decisions.living import (
    OFFICE,
    World,
    at,
    away,
    happened,
    live,
    paused,
    told,
    unsubscribed,
    written,
)
from workflows.after.folding import after_event
from workflows.deciding.decisions import decide

BILL = "{email: bill, kind: transactional}"


def first_looked_at(body: str, now: str, *events: Event) -> Decision:
    """Give the decision of a worker that was away since the enrollment on Monday at ten."""
    sequence = written(OFFICE, body)
    progress = a_progress(sequence)
    for event in events:
        progress = after_event(sequence, progress, event, at(now))
    return decide(sequence, progress, at(now))


def test_a_late_mail_goes_at_once_while_the_window_is_open() -> None:
    decision = first_looked_at("steps: [email: one]", "03-02 16:59")

    assert isinstance(decision, Send)
    assert decision.due == MONDAY


def test_a_late_mail_waits_for_the_next_opening() -> None:
    decision = first_looked_at("steps: [email: one]", "03-02 17:00")

    assert isinstance(decision, Wait)
    assert decision.until == at("03-03 09:00")
    assert decision.why == (
        "due when it is reached; late; "
        "outside the send window (mon-fri 09:00-17:00), so at its next opening"
    )


def test_a_late_mail_waits_while_the_contact_is_away() -> None:
    decision = first_looked_at(
        "steps: [email: one]", "03-02 12:00", away("03-02 11:00", until="03-04")
    )

    assert isinstance(decision, Wait)
    assert decision.until == at("03-04 09:00")


def test_a_late_mail_waits_while_paused() -> None:
    decision = first_looked_at("steps: [email: one]", "03-02 12:00", paused("03-02 11:00"))

    assert isinstance(decision, Wait)
    assert decision.until is None


def test_a_late_transactional_mail_waits_for_no_window() -> None:
    assert isinstance(first_looked_at(f"steps: [{BILL}]", "03-02 23:00"), Send)


def test_a_late_mail_that_is_not_wanted_any_more_is_skipped_when_it_would_have_gone() -> None:
    steps = f"steps: [email: one, {BILL}]"

    before = first_looked_at(steps, "03-02 12:00", unsubscribed("03-02 10:00"))
    after = first_looked_at(steps, "03-02 12:00", unsubscribed("03-02 11:00"))

    assert isinstance(before, Move)
    assert isinstance(after, Move)
    assert (before.at, after.at) == (at("03-02 10:00"), at("03-02 11:00"))


def test_what_was_over_first_is_told_first() -> None:
    sequence = written(
        "on: [{event: ping, do: [exit: pinged]}]\nsteps: [wait: 1 day, exit: waited]"
    )
    progress = a_progress(sequence)
    ping = happened("ping", "03-03 10:01")

    progress = after_event(sequence, progress, ping, at("03-04 10:00"))
    decision = decide(sequence, progress, at("03-04 10:00"))

    assert isinstance(decision, Move)
    assert decision.at == at("03-03 10:00")


def test_transactional_mails_keep_neither_to_the_window_nor_to_the_gap() -> None:
    sequence = written(OFFICE, f"steps: [email: one, wait: 10 hours, {BILL}, email: two]")

    assert told(live(sequence))[:-1] == ["one 03-02 10:00", "bill 03-02 20:00", "two 03-03 10:00"]


def test_a_first_mail_in_doubt_keeps_the_next_one_at_a_distance() -> None:
    sequence = written("on: [{event: ping, do: [email: extra]}]\nsteps: [email: one, wait: 2 days]")
    world = World({"one": InDoubt(send="doubt", at=MONDAY)})

    lived = live(sequence, happened("ping", "03-02 10:05"), world=world)

    assert told(lived)[:-1] == ["one 03-02 10:00", "extra 03-03 10:00"]
