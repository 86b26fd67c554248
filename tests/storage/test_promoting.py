"""Promotion: from mails and clicks on record to the winner."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import Engine

from reports.experiments import tests_of as experiments_of
from schemas.steps import Winner
from schemas.version import Version
from starter.authored.promoting import keep_promoting, promote
from storage.sending import winners
from tests.storage.given import MONDAY, TUESDAY
from tests.storage.rivals import Rivals
from tests.storage.tested import a_tested_version, enroll, mail, publish

_AFTER_TWENTY = Winner(metric="click", after=20)


def _a_test(
    engine: Engine, winner: Winner | None = _AFTER_TWENTY, *, clicks: int = 18, mails: int = 20
) -> Version:
    """Publish a test and mail each arm; of arm b the first `clicks` were clicked."""
    with engine.begin() as connection:
        version = publish(connection, a_tested_version(winner=winner))
        for number in range(mails):
            mail(connection, enroll(connection, version, f"one-{number}"), "a")
            facts = ("clicked",) if number < clicks else ()
            mail(connection, enroll(connection, version, f"other-{number}"), "b", *facts)
    return version


def test_the_arm_with_the_evidence_is_named_once_with_it(engine: Engine) -> None:
    _a_test(engine)

    first, second = promote(engine, TUESDAY), promote(engine, TUESDAY)

    [winner] = first
    assert (winner.sequence, winner.step, winner.arm, winner.at) == (
        *("welcome", "intro", "b"),
        TUESDAY,
    )
    assert second == []
    with engine.connect() as connection:
        assert winners.of(connection, "welcome") == {"intro": "b"}


@pytest.mark.parametrize(
    ("winner", "clicks", "outcome"),
    [
        (_AFTER_TWENTY, 2, "unclear"),
        (Winner(metric="click", after=21), 18, "too_few"),
        (Winner(metric="reply", after=20), 18, "unclear"),
        (None, 18, "unasked"),
    ],
)
def test_without_evidence_or_wish_none_is_named(
    engine: Engine, winner: Winner | None, clicks: int, outcome: str
) -> None:
    version = _a_test(engine, winner, clicks=clicks)

    assert promote(engine, TUESDAY) == []
    with engine.connect() as connection:
        [test] = experiments_of(connection, version.sequence)
    assert (test.outcome, test.winner, test.named_at) == (outcome, None, None)


def test_arms_got_by_other_shares_than_drawn_stop_the_promotion(engine: Engine) -> None:
    version = _a_test(engine)
    with engine.begin() as connection:
        for number in range(60):
            mail(connection, enroll(connection, version, f"extra-{number}"), "a")

    assert promote(engine, TUESDAY) == []
    with engine.connect() as connection:
        [test] = experiments_of(connection, version.sequence)
    assert test.outcome == "uneven"


def test_a_test_that_is_over_is_told_as_it_stood_then(engine: Engine) -> None:
    version = _a_test(engine)
    promote(engine, TUESDAY)
    with engine.begin() as connection:
        mail(connection, enroll(connection, version, "late"), "b", "clicked")

    with engine.connect() as connection:
        [test] = experiments_of(connection, version.sequence)

    assert (test.outcome, test.winner, test.named_at) == ("won", "b", TUESDAY)
    assert [(rate.arm, rate.mails, rate.hits) for rate in test.verdict.rates] == [
        ("a", 20, 0),
        ("b", 20, 18),
    ]


def test_a_winner_that_the_step_has_no_more_is_told_as_gone(engine: Engine) -> None:
    _a_test(engine)
    promote(engine, TUESDAY)
    with engine.begin() as connection:
        version = publish(connection, a_tested_version(winner=_AFTER_TWENTY, a=1, c=1))
        [test] = experiments_of(connection, version.sequence)

    assert (test.outcome, test.winner) == ("gone", "b")
    assert promote(engine, TUESDAY) == []


def test_of_several_who_look_at_once_one_names(engine: Engine, rivals: Rivals) -> None:
    _a_test(engine)

    looks = [rivals.start(lambda _: promote(engine, MONDAY)) for _ in range(8)]

    assert sorted(len(look.result()) for look in looks) == [0] * 7 + [1]


async def test_somebody_who_keeps_looking_names_it(engine: Engine) -> None:
    _a_test(engine)

    looking = asyncio.create_task(keep_promoting(engine, lambda: TUESDAY))
    while not await asyncio.to_thread(_named, engine):
        assert not looking.done()
    looking.cancel()
    with suppress(asyncio.CancelledError):
        await looking

    assert await asyncio.to_thread(_named, engine) == {"intro": "b"}


def _named(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return winners.of(connection, "welcome")
