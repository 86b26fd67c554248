"""Who gets what by lot: values that anybody can reckon after, and how lots fall on many."""

import pytest

from schemas.steps import Arm, EmailStep
from workflows.deciding.variants import arm_of, held_out, share, spread_minutes

_MANY = [f"c{number}" for number in range(10_000)]


def _arms(**weights: int) -> tuple[Arm, ...]:
    return tuple(Arm(name=name, weight=weight, email=name) for name, weight in weights.items())


def _a_test(**weights: int) -> EmailStep:
    return EmailStep(id="intro", email="intro", arms=_arms(**weights))


def _drawn(step: EmailStep, contact: str) -> str | None:
    arm = arm_of(step, "welcome", contact, winner=None, kept=None)
    return None if arm is None else arm.name


# printf '%s' 'welcome|intro|c1' | sha256sum | cut -c1-16
@pytest.mark.parametrize(
    ("text", "lot"),
    [
        ("welcome|intro|c1", 11_343_873_955_394_305_803),
        ("welcome|intro|c2", 8_295_896_297_972_999_952),
        ("renewal|value-recap|c-1", 9_748_478_858_370_937_400),
        ("", 16_406_829_232_824_261_652),
    ],
)
def test_a_lot_is_the_first_eight_bytes_of_the_sha_256(text: str, lot: int) -> None:
    assert share(text) == lot


# modulo 100 these lots are 3 and 52
@pytest.mark.parametrize(
    ("weights", "first", "second"),
    [
        ({"a": 50, "b": 50}, "a", "b"),
        ({"b": 50, "a": 50}, "b", "a"),
        ({"a": 3, "b": 97}, "b", "b"),
        ({"a": 4, "b": 96}, "a", "b"),
        ({"a": 4, "b": 48, "c": 48}, "a", "c"),
        ({"a": 0, "b": 52, "c": 48}, "b", "c"),
    ],
)
def test_a_lot_falls_on_the_arms_in_the_order_written(
    weights: dict[str, int], first: str, second: str
) -> None:
    assert _drawn(_a_test(**weights), "c1") == first
    assert _drawn(_a_test(**weights), "c2") == second


def test_a_step_without_arms_has_none_for_anybody() -> None:
    assert _drawn(EmailStep(id="intro", email="intro"), "c1") is None


def test_arms_get_people_by_their_weights_and_those_of_weight_nought_nobody() -> None:
    drawn = [_drawn(_a_test(a=1, b=0, c=3), contact) for contact in _MANY]

    assert drawn.count("b") == 0
    assert drawn.count("a") == pytest.approx(2_500, abs=130)  # three standard errors
    assert drawn.count("a") + drawn.count("c") == len(_MANY)


def test_lots_of_two_steps_have_nothing_to_do_with_one_another() -> None:
    first = EmailStep(id="intro", email="intro", arms=_arms(a=1, b=1))
    second = first.model_copy(update={"id": "second"})

    both = [contact for contact in _MANY if _drawn(first, contact) == _drawn(second, contact)]

    assert len(both) == pytest.approx(5_000, abs=150)


@pytest.mark.parametrize(
    ("winner", "kept", "gets"),
    [
        (None, None, "a"),
        ("b", None, "b"),
        ("b", "c", "c"),
        (None, "c", "c"),
        ("gone", None, "a"),
        (None, "gone", "a"),
        ("b", "gone", "b"),
        ("idle", None, "idle"),
    ],
)
def test_an_arm_once_got_is_kept_then_the_winner_then_the_lot_counts(
    winner: str | None, kept: str | None, gets: str
) -> None:
    step = _a_test(a=50, b=25, c=25, idle=0)

    arm = arm_of(step, "welcome", "c1", winner=winner, kept=kept)

    assert arm is not None
    assert arm.name == gets


# modulo 30, the lots of `welcome|c1|intro` and `welcome|c2|intro`
@pytest.mark.parametrize(
    ("contact", "spread", "minutes"),
    [("c1", 30, 22), ("c2", 30, 11), ("c1", 0, 0), ("c1", 1, 0), ("", 30, 0)],
)
def test_the_spread_is_a_lot_modulo_its_minutes(contact: str, spread: int, minutes: int) -> None:
    assert spread_minutes("welcome", contact, "intro", spread) == minutes


def test_every_minute_of_the_spread_gets_its_part() -> None:
    minutes = [spread_minutes("welcome", contact, "intro", 30) for contact in _MANY]

    assert {*minutes} == {*range(30)}
    assert min(minutes.count(minute) for minute in range(30)) > 270


# the lots modulo 10,000 of `welcome|holdout|c7` and `welcome|holdout|c1`: 430 and 3435
@pytest.mark.parametrize(
    ("contact", "holdout", "held"),
    [
        ("c7", 431, True),
        ("c7", 430, False),
        ("c1", 500, False),
        ("c1", 10_000, True),
        ("c1", 0, False),
        ("", 10_000, False),
    ],
)
def test_who_is_held_out_follows_from_a_lot_below_the_share(
    contact: str, holdout: int, *, held: bool
) -> None:
    assert held_out("welcome", contact, holdout) is held


def test_a_holdout_of_five_percent_holds_out_five_of_a_hundred() -> None:
    held = [contact for contact in _MANY if held_out("welcome", contact, 500)]

    assert len(held) == pytest.approx(500, abs=66)
