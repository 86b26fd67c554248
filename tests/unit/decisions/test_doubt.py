import pytest

from schemas.decisions import Move, Send, Settle, Wait
from schemas.events import Event, SendSettled
from schemas.outcomes import InDoubt, Sent, Settled
from schemas.progress import Progress, What
from schemas.sequence import Sequence
from tests.builders import MONDAY, a_progress
from tests.unit.decisions.living import World, at, live, noted, replied, told, written
from workflows.after.folding import after_event
from workflows.after.outcomes import after_send, after_settle
from workflows.after.tracks import was_sent_again
from workflows.deciding.decisions import decide
from workflows.deciding.mailing import IN_DOUBT_FOR
from workflows.telling.explaining import explained

SEQUENCE = written("exit_on: [reply]\nsteps: [email: one, wait: 1 day, email: two]")
WORLD = World({"one": InDoubt(send="doubt", at=MONDAY)}, accepted=False)


def in_doubt(*events: Event) -> Progress:
    progress = a_progress(SEQUENCE)
    send = decide(SEQUENCE, progress, MONDAY)
    assert isinstance(send, Send)
    progress = after_send(SEQUENCE, progress, send, InDoubt(send="doubt", at=MONDAY), MONDAY)
    for event in events:
        progress = after_event(SEQUENCE, progress, event, MONDAY)
    return progress


def settled(send: str) -> SendSettled:
    return SendSettled(id="s", send=send, accepted=True, at=MONDAY)


def test_a_mail_in_doubt_waits_half_an_hour_for_sendgrids_word() -> None:
    waiting = decide(SEQUENCE, in_doubt(), at("03-02 10:29"))
    silent = decide(SEQUENCE, in_doubt(), at("03-02 10:30"))

    assert isinstance(waiting, Wait)
    assert waiting.until == at("03-02 10:30")
    assert isinstance(silent, Settle)
    assert silent.why == "SendGrid has said nothing"


def test_the_half_hour_counts_from_when_the_doubt_is_known_however_late_that_is() -> None:
    progress = a_progress(SEQUENCE)
    send, late = decide(SEQUENCE, progress, MONDAY), at("03-02 12:00")
    assert isinstance(send, Send)
    doubt = InDoubt(send="doubt", at=MONDAY, from_now=True)

    progress = after_send(SEQUENCE, progress, send, doubt, late)

    waiting = decide(SEQUENCE, progress, late)
    assert isinstance(waiting, Wait)
    assert waiting.until == at("03-02 12:30")


def test_it_is_settled_as_soon_as_sendgrid_has_spoken_of_it() -> None:
    of_it = decide(SEQUENCE, in_doubt(settled("doubt")), MONDAY)
    of_another = decide(SEQUENCE, in_doubt(settled("other")), MONDAY)

    assert isinstance(of_it, Settle)
    assert of_it.why == "SendGrid has said what became of it"
    assert isinstance(of_another, Wait)


@pytest.mark.parametrize(("accepted", "went"), [(True, ["one 03-02 10:00"]), (False, [])])
def test_it_is_done_when_it_is_settled_either_way(*, accepted: bool, went: list[str]) -> None:
    world = World({"one": InDoubt(send="doubt", at=MONDAY)}, accepted=accepted)

    lived = live(SEQUENCE, world=world)

    assert told(lived) == [*went, "two 03-03 10:30", "= completed 03-03 10:30"]


def test_a_mail_that_was_not_accepted_is_told_of_and_not_sent_again() -> None:
    lived = live(SEQUENCE, world=WORLD)

    assert noted(lived, What.IN_DOUBT, What.SETTLED) == ["one 03-02 10:00", "one 03-02 10:30"]
    assert [mail.step for mail in lived.mails] == ["two"]


def test_an_ending_does_not_wait_for_a_mail_in_doubt() -> None:
    lived = live(SEQUENCE, replied("03-02 10:10"), world=WORLD)

    assert told(lived) == ["= replied 03-02 10:10"]


def resending(*parts: str) -> Sequence:
    return written("if_in_doubt: resend\nexit_on: [reply]", *parts)


AGAIN = resending("steps: [email: one, wait: 1 day, email: two]")


def doubted_again(sequence: Sequence, *, twice: bool = False) -> Progress:
    progress, now = a_progress(sequence), MONDAY
    for _ in range(2 if twice else 1):
        send = decide(sequence, progress, now)
        assert isinstance(send, Send), send
        progress = after_send(
            sequence, progress, send, InDoubt(send="doubt", at=now, from_now=True), now
        )
        now += IN_DOUBT_FOR
        settle = decide(sequence, progress, now)
        assert isinstance(settle, Settle)
        again = not was_sent_again(progress, progress.doubts[0])
        progress = after_settle(
            sequence, progress, settle, Settled(accepted=False, again=again), now
        )
    return progress


def test_a_sequence_that_wants_it_sends_a_mail_in_doubt_again_after_the_half_hour() -> None:
    progress = doubted_again(AGAIN)

    again = decide(AGAIN, progress, at("03-02 10:30"))

    assert isinstance(again, Send)
    assert (again.step, again.occurrence) == ("one", 1)
    assert progress.doubts == ()
    assert [entry.what for entry in progress.timeline[-2:]] == [What.IN_DOUBT, What.SENT_AGAIN]


def test_what_is_in_doubt_a_second_time_counts_as_not_sent() -> None:
    progress = doubted_again(AGAIN, twice=True)

    told = decide(AGAIN, progress, at("03-02 11:00"))

    assert isinstance(told, Wait)
    assert told.step == "wait-1"
    assert progress.timeline[-1].what is What.SETTLED


def test_what_is_sent_again_is_as_late_as_any_mail() -> None:
    sequence = resending(
        'send_window: {from: "10:00", to: "10:20", timezone: America/New_York}',
        "spread: 0 minutes",
        "steps: [{email: one, valid_for: 2 days}, email: two]",
    )

    told = decide(sequence, doubted_again(sequence), at("03-02 10:30"))

    assert isinstance(told, Wait)
    assert told.until == at("03-03 10:00")


def test_it_is_not_sent_again_when_its_moment_is_past() -> None:
    sequence = resending("steps: [{email: one, valid_for: 20 minutes}, email: two]")

    told = decide(sequence, doubted_again(sequence), at("03-02 10:30"))

    assert isinstance(told, Move)
    assert told.what is What.SKIPPED


def test_an_explanation_says_what_comes_of_the_doubt_and_what_came() -> None:
    progress = a_progress(AGAIN)
    send = decide(AGAIN, progress, MONDAY)
    assert isinstance(send, Send)
    doubt = after_send(AGAIN, progress, send, InDoubt(send="doubt", at=MONDAY), MONDAY)
    later = at("03-02 10:30")
    sent = doubted_again(AGAIN)
    once_more = decide(AGAIN, sent, later)
    assert isinstance(once_more, Send)
    sent = after_send(AGAIN, sent, once_more, Sent(send="doubt", at=later), later)

    before, waiting, after = (
        explained(AGAIN, one, when)
        for one, when in ((doubt, MONDAY), (doubted_again(AGAIN), later), (sent, later))
    )

    assert before.steps[0].fate == "in_doubt"
    assert before.steps[0].why.endswith(
        "Half an hour later it is sent again, once, unless SendGrid has told of it by then."
    )
    assert before.waits[0].endswith("the mail is sent again, once.")
    assert waiting.steps[0].fate == "to_come"
    assert after.steps[0].fate == "sent"
    for one in (waiting, after):
        assert one.steps[0].why.endswith(
            "It had been handed to SendGrid before, and nobody knew if it went."
        )
