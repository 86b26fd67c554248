"""How many may enter a day: idle-pace."""

import pytest

from tests.unit.lint.desk import KEYS, Desk

OPS = KEYS["from"]


@pytest.mark.parametrize("pace", ["200 per day", "{per_day: 200}"])
def test_a_pace_of_all_says_what_it_means(desk: Desk, pace: str) -> None:
    desk.sequence(pace=pace)

    assert desk.said() == []


def test_no_pace_lets_nobody_in(desk: Desk) -> None:
    desk.sequence(pace="0 per day")

    assert desk.rules() == ["broken"]


def test_an_owners_pace_as_high_as_that_of_all_never_counts(desk: Desk) -> None:
    desk.sequence(pace="{per_day: 20, per_owner: 20}", from_="owner", from_fallback=OPS)

    assert "idle-pace: `per_owner` never counts: no more than 20 may enter in all" in desk.one()


def test_an_owners_pace_where_no_owner_does_anything_is_remarked_on(desk: Desk) -> None:
    desk.sequence(pace="{per_owner: 20}")

    assert "idle-pace: `per_owner` shares out what no owner does here" in desk.one()


@pytest.mark.parametrize(
    "step", ["{task: call, blocking: false}", "{notify: owner}"], ids=["task", "notify"]
)
def test_an_owner_who_has_something_to_do_may_have_a_pace(desk: Desk, step: str) -> None:
    desk.sequence(
        f"- {{email: intro, day: 1}}\n- {step}\n- {{email: proof, day: 3}}\n",
        pace="{per_owner: 20}",
    )

    assert "idle-pace" not in desk.rules()


def test_an_owner_who_writes_may_have_a_pace(desk: Desk) -> None:
    desk.sequence(pace="{per_day: 200, per_owner: 20}", from_="owner", from_fallback=OPS)

    assert "idle-pace" not in desk.rules()


def test_a_trigger_that_lets_in_more_than_the_pace_is_remarked_on(desk: Desk) -> None:
    trigger = "{inactive: order_placed, for: 60 days, max: 300 per day, backfill: none}"
    desk.sequence(enroll_on=trigger, pace="200 per day")

    assert "`max: 300 per day` is more than the 200 a day of `pace`" in desk.one()


def test_a_trigger_that_lets_in_fewer_leaves_room_for_others(desk: Desk) -> None:
    trigger = "{inactive: order_placed, for: 60 days, max: 100 per day, backfill: none}"
    desk.sequence(enroll_on=trigger, pace="200 per day")

    assert desk.said() == []


def test_transactional_mails_that_a_pace_keeps_back_are_remarked_on(desk: Desk) -> None:
    steps = "- {email: intro, kind: transactional}\n- {email: proof, kind: transactional}\n"
    desk.sequence(steps, pace="200 per day")

    assert "the first 200 of a day gets a receipt days late" in desk.one()


def test_it_can_be_silenced_where_it_stands(desk: Desk) -> None:
    desk.sequence(pace="{per_owner: 20}  # lint: ignore idle-pace - replies go to the owners")

    assert desk.said() == []
