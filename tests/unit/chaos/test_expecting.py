from datetime import UTC, datetime, timedelta

import pytest

from authoring.loading import load_version
from authoring.text.faults import Faults
from devstack.chaos.chaos import SEQUENCES
from devstack.chaos.deeds import FURTHER_ON, SEQUENCE, Done
from devstack.chaos.expecting import Enrolled, expected
from schemas.sequence import Sequence

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ADA = Enrolled(workflow_id="storm.ada", at=NOON)


def _sequence(name: str) -> Sequence:
    version = load_version(SEQUENCES / name)
    assert not isinstance(version, Faults)
    return version.sequence


def _done(word: str, minutes: int = 1) -> Done:
    return Done(person=0, word=word, at=NOON + timedelta(minutes=minutes), step="first")


@pytest.mark.parametrize(
    ("word", "ending"),
    [
        ("farewell", "completed"),
        ("meeting_booked", "meeting_booked"),
        ("reply", "replied"),
        ("unsubscribe", "unsubscribed"),
        ("complaint", "complained"),
        ("bounce", "bounced"),
        ("click", "handed_off"),
        ("exit", "stopped"),
    ],
)
def test_each_deed_leads_to_its_ending(word: str, ending: str) -> None:
    assert expected(_sequence(SEQUENCE), ADA, [_done(word)]).ending == ending


def test_a_farewell_before_its_wait_counts() -> None:
    told = expected(_sequence(SEQUENCE), ADA, [_done("farewell", minutes=-1)])

    assert told.ending == "completed"
    assert told.steps == ("first", "second", "third", "last")


def test_whoever_does_nothing_is_waited_for_a_day() -> None:
    told = expected(_sequence(SEQUENCE), ADA, [])

    assert told.ending == "completed"


def test_the_first_acknowledgement_counts() -> None:
    early, late = NOON + timedelta(seconds=1), NOON + timedelta(seconds=2)
    deeds = [
        _done("exit").model_copy(update={"acknowledged": late}),
        _done("meeting_booked").model_copy(update={"acknowledged": early}),
    ]

    assert expected(_sequence(SEQUENCE), ADA, deeds).over == early


def test_whoever_was_handed_over_gets_one_mail() -> None:
    told = expected(_sequence(FURTHER_ON), ADA, ())

    assert (told.ending, told.steps) == ("completed", ("calm",))
