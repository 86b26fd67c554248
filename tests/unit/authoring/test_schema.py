from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from authoring.language.arms import ARM_KEYS, WINNER_KEYS
from authoring.language.cycles import CYCLE_KEYS
from authoring.language.definitions import SEQUENCE_KEYS
from authoring.language.entering import PACE_KEYS
from authoring.language.exits import EXIT_KEYS
from authoring.language.matchers import ONE_OF_KEYS
from authoring.language.project_parts import CAP_KEYS
from authoring.language.projects import PROJECT_KEYS
from authoring.language.reactions import REACTION_KEYS, SIGN_KEYS
from authoring.language.rules import GOAL_KEYS, UNENGAGED_KEYS
from authoring.language.senders import MAILBOX_KEYS
from authoring.language.sending import (
    BREAKER_KEYS,
    BREAKERS_KEYS,
    DOMAIN_RATE_KEYS,
    RATE_KEYS,
    RATES_KEYS,
    WARM_UP_KEYS,
)
from authoring.language.steps import KEYS_BY_KIND
from authoring.language.suppressing import FACT_KEYS, SUPPRESSOR_KEYS
from authoring.language.triggers import TRIGGER_KEYS
from authoring.language.waiting import AWAITED_KEYS
from authoring.language.windows import WINDOW_KEYS
from authoring.schema.steps import STEP_PROPERTIES
from authoring.schema.whole import BREAKERS, RATES, WARM_UP, project_schema, sequence_schema
from tests.unit.authoring.whole import PROJECT, SEQUENCE
from tests.unit.docs.examples import examples, text_of
from tests.unit.docs.reading import ROOT, Fence

Json = dict[str, object]

SHIPPED = sorted((ROOT / "sequences").glob("*/sequence.yaml"))
SEQUENCES = Draft202012Validator(sequence_schema())
PROJECTS = Draft202012Validator(project_schema())


def read(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


def known(keys: dict[str, str]) -> set[str]:
    return {key for key, later in keys.items() if not later}


def mappings(schema: object) -> Iterator[Json]:
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for inner in schema.values():
            yield from mappings(inner)
    if isinstance(schema, list):
        for inner in schema:
            yield from mappings(inner)


def properties(schema: object) -> set[str]:
    return set(cast("Json", next(mappings(schema))["properties"]))


@pytest.mark.parametrize("schema", [sequence_schema(), project_schema()])
def test_the_schema_is_one(schema: Json) -> None:
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_the_shipped_sequences_are_valid(file: Path) -> None:
    assert list(SEQUENCES.iter_errors(read(file.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.place)
def test_the_examples_of_the_language_are_valid(example: Fence) -> None:
    assert list(SEQUENCES.iter_errors(read(text_of(example)))) == []


def test_what_uses_every_key_is_valid() -> None:
    assert list(SEQUENCES.iter_errors(read(SEQUENCE))) == []
    assert list(PROJECTS.iter_errors(read(PROJECT))) == []


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
        "{sequence: a, holdout: 5, steps: [{email: intro}]}",
        "{sequence: a, pace: 20 per week, steps: [{email: intro}]}",
        "{sequence: a, min_gap: 3 business days, steps: [{email: intro}]}",
        "{sequence: a, enroll_on: {event: x}, steps: [{email: intro}]}",
        "{sequence: a, steps: [{email: intro, variants: {a: 1}}]}",
        "{sequence: a, steps: [{email: intro, at: contract_end}]}",
        "{sequence: a, steps: [{set: {}}]}",
        "{sequence: a, steps: []}",
        "{steps: [{email: intro}]}",
    ],
)
def test_what_the_loader_refuses_is_not_valid(written: str) -> None:
    assert not SEQUENCES.is_valid(read(written))


@pytest.mark.parametrize(
    "written",
    ["{event: [a]}", "{attributes: {role: string}}", "{caps: {per_day: 0}}", "{breakers: no}"],
)
def test_what_a_project_cannot_say_is_not_valid(written: str) -> None:
    assert not PROJECTS.is_valid(read(written))


def test_the_schema_knows_the_keys_that_the_loader_knows() -> None:
    assert properties(sequence_schema()) == known(SEQUENCE_KEYS)
    assert properties(project_schema()) == known(PROJECT_KEYS)
    assert {kind: set(keys) for kind, keys in STEP_PROPERTIES.items()} == {
        kind: known(keys) for kind, keys in KEYS_BY_KIND.items()
    }


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("awaited", AWAITED_KEYS),
        ("event", ONE_OF_KEYS),
        ("exit_rule", EXIT_KEYS),
        ("reaction", REACTION_KEYS),
        ("sign", SIGN_KEYS),
        ("goal", GOAL_KEYS),
        ("mailbox", MAILBOX_KEYS),
        ("window", WINDOW_KEYS),
        ("trigger", TRIGGER_KEYS),
        ("fact", FACT_KEYS),
        ("suppressor", SUPPRESSOR_KEYS),
        ("unengaged", UNENGAGED_KEYS),
        ("cycle", CYCLE_KEYS),
        ("pace", PACE_KEYS),
    ],
)
def test_each_part_has_the_keys_that_the_loader_knows(name: str, keys: dict[str, str]) -> None:
    assert properties(cast("Json", sequence_schema()["$defs"])[name]) == known(keys)


def test_the_small_parts_have_the_keys_that_the_loader_knows() -> None:
    assert properties(cast("Json", project_schema()["$defs"])["caps"]) == known(CAP_KEYS)
    assert properties(BREAKERS) == known(BREAKERS_KEYS)
    assert properties(cast("Json", BREAKERS["properties"])["sequences"]) == known(BREAKER_KEYS)
    of_rates = cast("Json", RATES["properties"])
    assert properties(RATES) == known(RATES_KEYS)
    assert properties(of_rates["sender"]) == known(RATE_KEYS)
    assert properties(of_rates["domain"]) == known(DOMAIN_RATE_KEYS)
    assert properties(WARM_UP) == known(WARM_UP_KEYS)
    assert properties(STEP_PROPERTIES["email"]["variants"]) == known(ARM_KEYS)
    assert properties(STEP_PROPERTIES["email"]["winner"]) == known(WINNER_KEYS)


@pytest.mark.parametrize("schema", [sequence_schema(), project_schema()])
def test_an_editor_shows_what_each_key_means_and_refuses_others(schema: Json) -> None:
    for mapping in mappings(schema):
        assert mapping["additionalProperties"] is False
        for key, value in cast("dict[str, Json]", mapping["properties"]).items():
            assert str(value.get("description", "")).endswith("."), key
