"""Other products' documented examples, rewritten: each does what docs/peers.md says of it."""

import re
from pathlib import Path

import pytest

from authoring.lint.folders import lint_folders
from authoring.scenarios.trials import Trial, trials_in

PEERS = Path(__file__).parent / "peers"
PAGE = Path(__file__).parents[3] / "docs" / "peers.md"
EXAMPLE = re.compile(r"`((?:dittofeed|mautic|hubspot|klaviyo|customerio|braze|outreach)-[a-z-]+)`")


@pytest.mark.parametrize("trial", trials_in(PEERS), ids=str)
def test_an_example_does_what_its_original_does(trial: Trial) -> None:
    trial.check()


def test_lint_finds_no_error_in_the_examples() -> None:
    found = lint_folders([PEERS])

    errors = [one for one in found if one.level == "error"]
    assert [f"{one.at.file}:{one.at.line}: {one.sentence}" for one in errors] == []


def test_each_example_stands_on_the_page_and_each_on_the_page_exists() -> None:
    folders = {path.parent.name for path in PEERS.glob("*/sequence.yaml")}

    assert set(EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))) == folders
