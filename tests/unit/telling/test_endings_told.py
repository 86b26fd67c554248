"""What an explanation says of an ending, and of the steps that it forestalled."""

from schemas.outcomes import Stopped
from schemas.progress import Ending, Entry, What
from tests.builders import MONDAY, NEW_YORK
from tests.unit.decisions.living import live, replied, turned, written
from tests.unit.telling.telling import DAY, TWO_MAILS, acted, begun, why_of
from workflows.after.tracks import amended, ended
from workflows.telling.explaining import told_after


def test_an_ending_that_only_the_record_knew_is_told_with_what_it_means() -> None:
    sequence = written("exit_on: [reply, booked]", TWO_MAILS)
    known = acted(sequence, begun(sequence), Stopped(ending=Ending(name="replied", at=MONDAY)))
    other = acted(sequence, begun(sequence), Stopped(ending=Ending(name="booked", at=MONDAY)))

    overs = [told_after(sequence, one.timeline, NEW_YORK).over for one in (known, other)]

    assert overs == [
        "replied: the contact replied (rule 37)",
        "booked: that was on record when intro was to go (rule 37)",
    ]


def test_a_timeline_tells_of_the_ending_that_counts() -> None:
    sequence = written("exit_on: [reply]", TWO_MAILS)
    over = live(sequence)

    told = amended(over.timeline, Ending(name="replied", at=MONDAY + DAY))

    assert [(one.at, one.why) for one in told if one.what is What.ENDED] == [
        (MONDAY + DAY, "replied")
    ]
    assert told_after(sequence, told, NEW_YORK).over == "replied: the contact replied (rule 37)"


def test_an_ending_is_told_with_the_step_that_it_forestalled() -> None:
    sequence = written("exit_on: [reply]", TWO_MAILS)
    over = live(sequence, replied("03-02 12:00"))

    assert why_of(told_after(sequence, over.timeline, NEW_YORK), "note") == (
        "not_reached",
        "It was its turn, but the enrollment ended first, as replied on Mon 02 Mar 2026 12:00.",
    )


def test_timelines_of_before_the_grounds_can_be_told() -> None:
    sequence = written(TWO_MAILS)
    bare: list[Entry] = [one.model_copy(update={"grounds": ()}) for one in live(sequence).timeline]

    told = told_after(sequence, tuple(bare), NEW_YORK)

    assert why_of(told, "intro")[1] == ("It went on Mon 02 Mar 2026 10:00: day 1 of the sequence.")
    assert ended(begun(sequence), Ending(name="stopped", at=MONDAY)).timeline[-1].grounds


def test_what_kept_a_mail_back_till_the_ending_is_told_with_it() -> None:
    sequence = written("exclusive: sales", "exit_on: [reply]", TWO_MAILS)
    lost = turned("03-03 09:00", held=False)
    back = turned("03-06 12:00", held=True)
    reply = replied("03-06 12:00")

    kept = live(sequence, lost, back, reply)
    freed = live(sequence, lost, turned("03-04 09:00", held=True), replied("03-04 09:30"))

    assert why_of(told_after(sequence, kept.timeline, NEW_YORK), "note")[1] == (
        "It was its turn, but it was kept back (sales goes first), and the enrollment ended first, "
        "as replied on Fri 06 Mar 2026 12:00."
    )
    assert "kept back" not in why_of(told_after(sequence, freed.timeline, NEW_YORK), "note")[1]
