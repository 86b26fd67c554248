from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from authoring.definitions import SEQUENCE_KEYS
from authoring.rules import EXIT_KEYS, GOAL_KEYS, REACTION_KEYS
from authoring.schema import STEP_PROPERTIES, sequence_schema
from authoring.senders import MAILBOX_KEYS
from authoring.steps import KEYS_BY_KIND
from authoring.waiting import AWAITED_KEYS
from authoring.windows import WINDOW_KEYS

SEQUENCES = Path(__file__).parents[3] / "sequences"
VALIDATOR = Draft202012Validator(sequence_schema())


def read(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


def known(keys: dict[str, str]) -> set[str]:
    return {key for key, later in keys.items() if not later}


def properties(name: str) -> set[str]:
    definition = sequence_schema()["$defs"][name]  # type: ignore[index]  # JSON
    mapping = definition["anyOf"][-1] if "anyOf" in definition else definition
    return set(mapping["properties"])


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(sequence_schema())


@pytest.mark.parametrize("name", ["outbound-vp-ops", "outbound-priority"])
def test_the_examples_are_valid(name: str) -> None:
    written = read((SEQUENCES / name / "sequence.yaml").read_text())

    assert list(VALIDATOR.iter_errors(written)) == []


@pytest.mark.parametrize(
    "written",
    [
        "{sequence: a, steps: [{emial: intro}]}",
        "{sequence: a, steps: [{email: intro, dya: 1}]}",
        "{sequence: a, purpos: other, steps: [{email: intro}]}",
        "{sequence: a, on: {clik: intro, do: []}, steps: [{email: intro}]}",
        "{sequence: a, send_window: {day: mon}, steps: [{email: intro}]}",
        "{sequence: a, steps: [{wait: 3}]}",
        "{sequence: a, steps: [{wait_for: reply}]}",
        "{sequence: a, holdout: 5%, steps: [{email: intro}]}",
        "{sequence: a, steps: []}",
        "{steps: [{email: intro}]}",
    ],
)
def test_what_the_loader_refuses_is_not_valid(written: str) -> None:
    assert not VALIDATOR.is_valid(read(written))


def test_the_schema_knows_the_keys_that_the_loader_knows() -> None:
    assert set(sequence_schema()["properties"]) == known(SEQUENCE_KEYS)  # type: ignore[call-overload]  # JSON
    for kind, keys in KEYS_BY_KIND.items():
        assert set(STEP_PROPERTIES[kind]) == known(keys)
    for name, keys in {
        "awaited": AWAITED_KEYS,
        "exit_rule": EXIT_KEYS,
        "reaction": REACTION_KEYS,
        "goal": GOAL_KEYS,
        "mailbox": MAILBOX_KEYS,
        "window": WINDOW_KEYS,
    }.items():
        assert properties(name) == known(keys)
