"""Histories replayed where the time zones and holidays of today are not known: there are none."""

import subprocess
import sys

from tests.replay.fingerprint import ROOT

_REPLAY = """
import asyncio, sys, zoneinfo
from pathlib import Path
sys.modules["tzdata"] = sys.modules["holidays"] = None
zoneinfo.reset_tzpath(to=())
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from workflows.enrollment import Enrollment

async def replay(paths):
    replayer = Replayer(workflows=[Enrollment], data_converter=pydantic_data_converter)
    for path in paths:
        await replayer.replay_workflow(WorkflowHistory.from_json("replayed", path.read_text()))

paths = sorted(Path("tests/replay/histories").glob("*.json"))
asyncio.run(replay(paths))
print(len(paths), "replayed,", len(zoneinfo.available_timezones()), "zones known")
"""


def test_recorded_enrollments_need_neither_the_tz_database_nor_a_holiday_library() -> None:
    replayed = subprocess.run(  # noqa: S603  (our own text, run by our own interpreter)
        [sys.executable, "-c", _REPLAY], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert replayed.stderr == ""
    count = len(list((ROOT / "tests" / "replay" / "histories").glob("*.json")))
    assert replayed.stdout == f"{count} replayed, 0 zones known\n"
