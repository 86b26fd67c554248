"""Walking every way through a sequence."""

import pytest

from authoring.language.conditions import parse_condition
from authoring.language.vocabulary import whenever
from authoring.lint.review import Review
from authoring.lint.truths import exclude, truth_of
from authoring.lint.walks import MOST_WALKS, Walks
from authoring.loading import Loaded, load
from authoring.text.faults import Slip
from schemas.conditions import Condition
from tests.unit.lint.desk import Desk

BRANCH = "- when: contact.x{n} > 1\n  then: [{{email: intro, id: m{n}}}]\n"


def walks(desk: Desk) -> Walks:
    loaded = load(desk.root / "welcome")
    assert isinstance(loaded, Loaded), str(loaded)
    return Review(loaded).walks


def condition(text: str) -> Condition:
    read = parse_condition(text, whenever(("intro", "later")))
    assert not isinstance(read, Slip)
    return read


def test_every_way_is_walked(desk: Desk) -> None:
    desk.sequence("- {email: proof, day: 1}\n" + "".join(BRANCH.format(n=n) for n in range(3)))

    assert sorted(len(walk.mails) for walk in walks(desk).hurried) == [1, 2, 2, 2, 3, 3, 3, 4]


def test_of_very_many_ways_the_first_are_walked_the_fullest_before_all(desk: Desk) -> None:
    desk.sequence("".join(BRANCH.format(n=n) for n in range(20)))

    walked = walks(desk).hurried

    assert len(walked) == MOST_WALKS
    assert len(walked[0].mails) == 20


def test_conditions_that_read_alike_come_out_alike_on_one_way(desk: Desk) -> None:
    again = BRANCH.format(n=0).replace("m0", "again")
    desk.sequence(f"- {{email: proof, day: 1}}\n{BRANCH.format(n=0)}{again}")

    assert sorted(len(walk.mails) for walk in walks(desk).hurried) == [1, 3]


def test_a_click_is_not_asked_of_a_mail_that_this_way_does_not_send(desk: Desk) -> None:
    desk.sequence(f"{BRANCH.format(n=0)}- when: clicked('m0')\n  then: [{{email: proof}}]")

    assert sorted(len(walk.mails) for walk in walks(desk).hurried) == [0, 1, 2]


def test_what_is_awaited_comes_at_once_to_the_hurried_and_last_to_the_patient(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, day: 1}
        - wait_for: paid
          within: 10 days
          then: [{email: proof}]
          else: [{exit: unpaid}]
        """)

    hurried, patient = walks(desk).hurried, walks(desk).patient

    assert [walk.turns for walk in hurried] == [("paid comes",), ("nothing awaited comes",)]
    assert [walk.days for walk in hurried] == [2, 11]
    assert [walk.days for walk in patient] == [11, 11]


def test_a_hand_off_is_taken_and_refused(desk: Desk) -> None:
    desk.sequence("- {email: intro}\n- {hand_off: other, else: [{email: proof}]}")

    endings = [walk.simulation.ending for walk in walks(desk).hurried]

    assert [one.name for one in endings if one] == ["completed", "handed_off"]


@pytest.mark.parametrize(
    "text",
    [
        "1 == 1",
        "not 1 > 2",
        'contact.a == "x" or 1 == 1',
        "1 == 1 and 2 == 2",
        'not clicked("later")',
    ],
)
def test_some_conditions_are_always_true(text: str) -> None:
    assert truth_of(condition(text), ["intro"]) is True


@pytest.mark.parametrize(
    "text",
    ["1 > 2", 'contact.a == "x" and contact.a == "y"', 'clicked("later")', "1 == 2 or 2 == 3"],
)
def test_some_conditions_are_never_true(text: str) -> None:
    assert truth_of(condition(text), ["intro"]) is False


@pytest.mark.parametrize(
    "text",
    [
        *('contact.a == "x"', 'contact.a == "x" or 1 == 2', 'sent("intro")', "replied()"),
        'contact.a in ["x", "y"] and contact.a == "y"',
    ],
)
def test_other_conditions_depend(text: str) -> None:
    assert truth_of(condition(text), ["intro"]) is None


@pytest.mark.parametrize(
    "other",
    [
        *('contact.a == "y"', 'contact.a in ["y", "z"] and contact.b == 1'),
        *('contact.a != "x"', 'not contact.a in ["x", "y"]', 'contact.a not in ["z", "x"]'),
    ],
)
def test_audiences_with_other_values_of_one_fact_exclude_each_other(other: str) -> None:
    assert exclude(condition('contact.a == "x"'), condition(other))


@pytest.mark.parametrize(
    "other",
    [
        *('contact.a in ["y", "x"]', 'contact.b == "y"', 'contact.a != "y"'),
        'contact.a == "y" or contact.b == 1',
    ],
)
def test_audiences_that_one_contact_may_match_do_not(other: str) -> None:
    assert not exclude(condition('contact.a == "x"'), condition(other))
