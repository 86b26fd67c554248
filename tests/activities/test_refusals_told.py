"""Whoever is not enrolled is told which rule refused, for every refusal that there is."""

import pytest

from schemas.outcomes import Refused
from tests.activities.refusing import CASES, OF_HAND_OFFS, Told, reasons
from tests.activities.world import World


def said(told: Told) -> dict[str, str]:
    """Give what is said of each reason, with the contact's own values."""
    if isinstance(told, Refused):
        return {told.reason: told.message}
    now = {one.reason: f"{one.message}; {one.values}" for one in told.barriers}
    return {one.reason: one.message for one in told.refused} | now


@pytest.mark.parametrize("reason", CASES)
async def test_a_refusal_is_told_by_its_reason_and_values(world: World, reason: str) -> None:
    case, name, words = CASES[reason]

    told = said(await case(world))

    assert words in told[name]


def test_no_refusal_is_without_a_case() -> None:
    assert set(CASES) | OF_HAND_OFFS == reasons()
