import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, WorkflowReplayResult

from tests.replay.fingerprint import KEPT, fingerprint
from tests.replay.scenes import SCENES
from workflows.enrollment import Enrollment

RELEASED = sorted((Path(__file__).parent / "histories").glob("*.json"))


HISTORIES = {path.stem: path.read_text() for path in RELEASED}


async def replayed(text: str) -> WorkflowReplayResult:
    replayer = Replayer(workflows=[Enrollment], data_converter=pydantic_data_converter)
    return await replayer.replay_workflow(
        WorkflowHistory.from_json("replayed", text), raise_on_replay_failure=False
    )


@pytest.mark.parametrize("name", HISTORIES)
async def test_a_history_of_each_release_replays(name: str) -> None:
    result = await replayed(HISTORIES[name])

    assert result.replay_failure is None


def test_every_scene_has_a_history() -> None:
    recorded = {name.rpartition(".")[2] for name in HISTORIES}

    assert recorded == set(SCENES)


async def test_a_history_that_the_workflow_would_not_write_is_noticed() -> None:
    history = json.loads(HISTORIES["0.1.0.five-emails"])
    other = json.dumps(history).replace("send_email", "settle_send")

    result = await replayed(other)

    assert result.replay_failure is not None


def test_an_edit_of_the_workflow_comes_with_histories_recorded_anew() -> None:
    kept = KEPT.read_text().strip()

    assert fingerprint() == kept
