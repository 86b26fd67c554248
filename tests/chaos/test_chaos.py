import asyncio
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from devstack.chaos.chaos import Told, run_chaos
from devstack.chaos.drawing import plan_of
from devstack.chaos.plan import Plan, PostFault, size_of
from devstack.chaos.verdict import DUPLICATES, PROMISES
from devstack.programs import Programs
from postroad.app import build_app
from postroad.chaos import show_told

UNCLAIMED = Path(__file__).with_name("unclaimed.py")
SEED = 20261129


def _leftovers() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob(f"postroad-chaos-{os.getpid()}-*"))


class Both(NamedTuple):
    told: Told
    unclaimed: Told


# Both mostly wait for Temporal to give up what a killed worker had begun; and two may run at once.
@pytest.fixture(scope="module")
async def both() -> Both:
    unclaimed = replace(Programs(), worker=(sys.executable, str(UNCLAIMED)))
    runs = (
        run_chaos(plan_of(SEED, size_of(16)), print),
        run_chaos(plan_of(SEED, size_of(8)), print, unclaimed),
    )
    return Both(*await asyncio.gather(*runs))


@pytest.fixture
def told(both: Both) -> Told:
    return both.told


def test_everything_fails_and_every_promise_is_kept(told: Told) -> None:
    broken = {one.promise: one.broken for one in told.verdict.findings if one.broken}

    assert broken == {}
    assert [one.promise for one in told.verdict.findings] == list(PROMISES)
    assert told.verdict.enrollments >= 16
    assert told.strikes[PostFault.KILLED_AFTER.value] == 1
    assert told.strikes[PostFault.KILLED_BEFORE.value] == 1
    assert sum(told.killed.values()) >= 3


def test_nothing_is_left_behind(told: Told) -> None:
    assert told.holds
    assert _leftovers() == set()


def test_the_report_names_each_promise(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    show_told(told)

    shown = capsys.readouterr().out
    assert all(f"kept    {promise}" in shown for promise in PROMISES)
    assert "worker killed between post and record" in shown


def test_a_worker_whose_claim_holds_nobody_back_is_found_out(both: Both) -> None:
    assert not both.unclaimed.holds
    assert both.unclaimed.verdict.count(DUPLICATES) >= 1


def test_the_plan_of_a_seed_is_printed_without_doing_anything() -> None:
    printed = CliRunner().invoke(
        build_app("dev"), ["dev", "chaos", "--plan", "--seed", "7", "--enrollments", "5"]
    )

    assert printed.exit_code == 0
    assert Plan.model_validate_json(printed.output) == plan_of(7, size_of(5))
