import pytest

from schemas.decisions import Send, Settle, Wait
from schemas.events import Event, SendSettled
from schemas.outcomes import InDoubt
from schemas.progress import Progress, What
from tests.builders import MONDAY, a_progress
from tests.unit.decisions.living import World, at, live, noted, replied, told, written
from workflows.after.folding import after_event
from workflows.after.outcomes import after_send
from workflows.deciding.decisions import decide

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
