from datetime import datetime, timedelta
from uuid import UUID

from bench.load.accepted import (
    Accepted,
    mailed_twice,
    most_in_a_second,
    most_overtaken,
    most_within,
)
from tests.builders import MONDAY

SECOND = timedelta(seconds=1)


def test_as_many_go_in_a_second_as_in_the_fullest_one_whenever_it_begins() -> None:
    late = [MONDAY + SECOND * part for part in (0.6, 0.9, 1.1, 1.5, 1.6)]

    assert most_within(late, SECOND) == 4
    assert most_in_a_second([_mail(number, at) for number, at in enumerate(late)]) == 3


def test_who_gets_a_second_mail_is_counted_once() -> None:
    mails = [_mail(number, to=to) for number, to in enumerate("abacaa")]

    assert mailed_twice(mails) == 1


def test_of_all_who_are_overtaken_the_one_by_most_counts() -> None:
    turns = {UUID(int=number): turn for number, turn in enumerate((1.0, 3.0, 4.0, 2.0, 2.0))}

    assert most_overtaken([_mail(number) for number in range(5)], turns) == 2
    assert most_overtaken([_mail(number) for number in (0, 3, 4, 1, 2)], turns) == 0


def test_who_has_no_turn_overtakes_nobody() -> None:
    turns = {UUID(int=1): 1.0}

    assert most_overtaken([_mail(number) for number in range(3)], turns) == 0


def _mail(number: int, at: datetime = MONDAY, to: str = "ada") -> Accepted:
    return Accepted(UUID(int=number), to, at)
