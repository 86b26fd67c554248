"""The scenarios of every shipped sequence, one test each."""

from pathlib import Path

import pytest

from authoring.scenarios.trials import Trial, trials_in

SEQUENCES = Path(__file__).parents[3] / "sequences"


@pytest.mark.parametrize("trial", trials_in(SEQUENCES), ids=str)
def test_a_scenario_comes_true(trial: Trial) -> None:
    trial.check()
