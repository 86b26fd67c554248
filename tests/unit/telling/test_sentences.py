"""What an explanation says in words, of what is running, of what is to come, and of what was."""

from datetime import datetime, timedelta

from schemas.events import Click, Control, Room, Turn
from schemas.outcomes import Braked, Deferred, InDoubt
from tests.builders import MONDAY, NEW_YORK, act
from tests.unit.decisions.living import World, live, written
from tests.unit.telling.telling import DAY, MINUTE, TWO_MAILS, acted, begun, why_of
from workflows.after.folding import after_event
from workflows.deciding.decisions import decide
from workflows.telling.explaining import explained, told_after

STOPPED = "all sending is stopped, by olga: a wrong price"


def a_brake(since: datetime = MONDAY) -> Braked:
    return Braked(since=since, until=since + DAY, why=STOPPED)


def test_a_wait_that_runs_is_waiting_and_says_until_when_and_what_comes_then() -> None:
    sequence = written("steps: [{email: intro}, {wait: 3 days}, {email: note}]")
    told = explained(sequence, acted(sequence, begun(sequence)), MONDAY)

    assert why_of(told, "wait-1") == (
        "waiting",
        "It waits 3 days, until Thu 05 Mar 2026 10:00. Then comes note.",
    )
    assert told.waits == ("wait-1 waits 3 days, until Thu 05 Mar 2026 10:00.",)


def test_a_wait_says_why_its_clock_stands_still() -> None:
    sequence = written("steps: [{email: intro}, {wait: 3 days}, {email: note}]")
    pause = Control(id="p", action="pause", who="olga", at=MONDAY)
    progress = after_event(sequence, acted(sequence, begun(sequence)), pause, MONDAY)

    told = explained(sequence, progress, MONDAY)

    assert why_of(told, "wait-1")[1] == (
        "It waits 3 days; its clock stands still as long as the enrollment is paused."
    )
    assert [one.startswith("Paused by olga since") for one in told.waits] == [True]
    assert why_of(told, "note") == (
        "unknown",
        (
            "Nobody knows yet when it comes, or whether: the enrollment is paused, and nobody "
            "knows until when."
        ),
    )


def test_an_event_that_is_waited_for_is_named_and_what_comes_without_it() -> None:
    sequence = written(
        "steps: [{email: intro}, {wait_for: {click: intro}, within: 5 days, "
        "then: [{email: yes-it}]}, {email: note}]"
    )
    progress = acted(sequence, begun(sequence))
    told = explained(sequence, progress, MONDAY)
    click = Click(id="c", step="intro", at=MONDAY)
    clicked = acted(sequence, after_event(sequence, progress, click, MONDAY))

    assert why_of(told, "wait-for-1")[1] == (
        "It waits 5 days at most, until Sat 07 Mar 2026 10:00, for this: the contact clicks "
        "a link in intro. If that does not come, then comes note."
    )
    assert why_of(explained(sequence, clicked, MONDAY), "wait-for-1") == (
        "done",
        (
            "It waited for this: the contact clicks a link in intro; the contact clicked on Mon 02 "
            "Mar 2026 10:00 (rule 16); next came yes-it."
        ),
    )


def test_what_is_to_come_is_not_told_as_if_it_had_been() -> None:
    sequence = written(
        "steps: [{email: intro}, {task: call, within: 2 days}, {when: 'clicked(\"intro\")', "
        "then: [{email: yes-it, day: 4}]}, {notify: owner, id: tell}, {email: note, day: 5}]"
    )
    told = explained(sequence, begun(sequence), MONDAY)

    assert why_of(told, "call")[1] == (
        "The task call will be given to a person on Mon 02 Mar 2026 10:00, who has until Wed 04 "
        "Mar 2026 10:00 (rule 19); if it is not done by then, next comes when-1."
    )
    assert why_of(told, "when-1")[1] == (
        'It will ask, and as things stand, clicked("intro") is not true (rule 17); next comes tell.'
    )
    assert why_of(told, "tell")[1] == "It will tell the owner (rule 20)."
    assert "1 day must lie after the marketing mail of" not in why_of(told, "note")[1]


def test_a_mail_that_a_cap_puts_off_is_told_once() -> None:
    sequence = written(TWO_MAILS)
    late = MONDAY + DAY
    outcome = Deferred(
        since=MONDAY, until=late, give_up_at=late + DAY, why="over the cap of 1 a day"
    )
    told = explained(sequence, acted(sequence, begun(sequence), outcome), MONDAY)

    (waits,) = told.waits
    assert waits.startswith("intro is put off: over the cap of 1 a day; room is kept for it on Tue")
    assert why_of(told, "intro") == (
        "to_come",
        (
            "It is due on Mon 02 Mar 2026 10:00 (day 1 of the sequence, rule 1); over the cap of 1 "
            "a day, so put off to the first room: Tue 03 Mar 2026 10:00 (rule 29); so it will go "
            "on Tue 03 Mar 2026 10:00."
        ),
    )


def test_a_mail_for_which_no_room_comes_is_to_be_skipped() -> None:
    sequence = written(TWO_MAILS)
    last = MONDAY + DAY
    outcome = Deferred(
        since=MONDAY, until=last + MINUTE, give_up_at=last, why="over the cap of 1 a day"
    )
    told = explained(sequence, acted(sequence, begun(sequence), outcome), MONDAY)

    fate, why = why_of(told, "intro")
    assert (fate, why[-47:]) == ("to_skip", "so it will be skipped on Tue 03 Mar 2026 10:00.")


def test_nobody_promises_when_a_mail_goes_that_a_brake_keeps_back() -> None:
    sequence = written(TWO_MAILS)
    told = explained(sequence, acted(sequence, begun(sequence), a_brake()), MONDAY)

    assert why_of(told, "intro") == (
        "waiting",
        f"It is kept back: {STOPPED}; it goes when that is released.",
    )
    assert why_of(told, "note") == (
        "unknown",
        (
            f"Nobody knows yet when it comes, or whether: intro is kept back ({STOPPED}), and "
            "nobody knows until when."
        ),
    )
    assert told.ahead == ()
    assert len(told.waits) == 1


def test_a_mail_that_a_brake_kept_back_says_so_when_it_has_gone() -> None:
    sequence = written(TWO_MAILS)
    braked = acted(sequence, begun(sequence), a_brake())
    room = Room(id="r", step="intro", occurrence=1, asks=1, at=MONDAY + timedelta(hours=1))
    later = MONDAY + timedelta(hours=1)
    released = after_event(sequence, braked, room, later)

    gone = act(sequence, released, decide(sequence, released, later), later)

    assert why_of(explained(sequence, gone, later), "intro")[1] == (
        "It was due on Mon 02 Mar 2026 10:00 (day 1 of the sequence, rule 1); "
        f"{STOPPED}, so kept back: Mon 02 Mar 2026 11:00 (a brake); so it went on Mon 02 Mar 2026 "
        "11:00."
    )


def test_a_lost_turn_is_told_once_and_by_it_the_mail_that_waits() -> None:
    sequence = written("exclusive: sales", TWO_MAILS)
    turn = Turn(id="t", held=False, at=MONDAY, why="outbound goes first: priority 5 over 1")
    told = explained(sequence, begun(sequence, turn), MONDAY)

    assert told.waits == (
        (
            "Another sequence has the contact since Mon 02 Mar 2026 10:00: outbound goes first: "
            "priority 5 over 1 (rule 28). It goes on by itself when that one is done "
            "with the contact."
        ),
    )
    assert why_of(told, "intro") == (
        "waiting",
        (
            "It waits as long as another sequence has the contact: outbound goes first: priority 5 "
            "over 1 (rule 28)."
        ),
    )


def test_a_mail_in_doubt_says_why_it_was_handed_over_and_what_was_learned() -> None:
    sequence = written(TWO_MAILS)
    doubt = InDoubt(send="s", at=MONDAY)
    progress = acted(sequence, begun(sequence), doubt)
    lost = live(sequence, world=World(sends={"intro": doubt}, accepted=False))
    found = live(sequence, world=World(sends={"intro": doubt}))

    due = "It was due on Mon 02 Mar 2026 10:00 (day 1 of the sequence, rule 1). It was handed to "
    assert why_of(explained(sequence, progress, MONDAY), "intro")[1].startswith(due)
    for over, fate in ((lost, "not_sent"), (found, "sent")):
        told = told_after(sequence, over.timeline, NEW_YORK)
        assert why_of(told, "intro")[0] == fate
        assert why_of(told, "intro")[1].startswith(due)
