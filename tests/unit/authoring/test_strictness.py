"""Hundreds of changed definitions: each loads, is valid in editors and runs, or has a fault."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from authoring.loading import Loaded, load
from authoring.schema.whole import sequence_schema
from authoring.simulation.simulate import Scenario, simulate
from authoring.text.documents import Items, Mapping, Node, Scalar, parse_document
from authoring.text.faults import Faults, Findings
from schemas.version import Version
from tests.builders import MONDAY, NEW_YORK
from tests.unit.authoring.whole import PROJECT, SEQUENCE, whole_folder
from tests.unit.docs.reading import ROOT

Tree = list[object]
"""A mapping is [True, [[key, value], …]], a list [False, [value, …]]; the rest are plain values."""

ADA = Scenario(
    MONDAY,
    NEW_YORK,
    {"role": "vp", "country": "US"},
    key="A1",
    values={"contract_end": "2026-07-01"},
)
SCHEMA = Draft202012Validator(sequence_schema())
SHIPPED = sorted((ROOT / "sequences").glob("*/sequence.yaml"))
ODD = [None, True, False, 0, -1, 10**17, 1.5, "", " ", "any", "owner", "3 days", "1 business day"]
WORDS = ["contact.x", "data.x - 3 days", "key", "event.y", 'count("x") > 1', "5%", "2026-12-24"]
KEYS = [
    "email",
    "wait",
    "when",
    "steps",
    "then",
    "else",
    "by",
    "at",
    "fact",
    "any",
    "id",
    "é",
    "on",
]
ROUNDS = 60


def tree_of(node: Node) -> object:
    match node:
        case Mapping():
            return [True, [[key.written, tree_of(value)] for key, value in node.of]]
        case Items():
            return [False, [tree_of(item) for item in node.of]]
        case Scalar():
            return node.value


def written(tree: object) -> str:
    if not isinstance(tree, list):
        return json.dumps(tree)
    mapping, parts = tree
    if mapping:
        inner = (f"{json.dumps(str(key))}: {written(value)}" for key, value in parts)
        return "{" + ", ".join(inner) + "}"
    return "[" + ", ".join(written(item) for item in parts) + "]"


def rooms(tree: object) -> list[tuple[bool, Tree]]:
    """Give all lists and mappings of a tree: whether each is a mapping, and its parts."""
    if not isinstance(tree, list):
        return []
    mapping, parts = tree
    inner = [value for _, value in parts] if mapping else parts
    return [(mapping, parts), *(room for one in inner for room in rooms(one))]


def delete(parts: Tree, at: int, _: random.Random) -> None:
    parts.pop(at)


def double(parts: Tree, at: int, _: random.Random) -> None:
    parts.append(parts[at])


def swap(parts: Tree, at: int, dice: random.Random) -> None:
    other = dice.randrange(len(parts))
    parts[at], parts[other] = parts[other], parts[at]


def rename(parts: Tree, at: int, dice: random.Random) -> None:
    entry = parts[at]
    if isinstance(entry, list) and isinstance(entry[0], str):
        letters = list(entry[0])
        dice.shuffle(letters)
        parts[at] = [dice.choice([*KEYS, "".join(letters), entry[0][:-1]]), entry[1]]


def replace(change: Callable[[object, random.Random], object]) -> Callable[..., None]:
    def act(parts: Tree, at: int, dice: random.Random) -> None:
        entry = parts[at]
        if isinstance(entry, list) and entry and isinstance(entry[0], str):
            parts[at] = [entry[0], change(entry[1], dice)]
        else:
            parts[at] = change(entry, dice)

    return act


def odd(_: object, dice: random.Random) -> object:
    return dice.choice([*ODD, *WORDS, [True, []], [False, []]])


def listed(value: object, _: random.Random) -> object:
    return [False, [value]]


def named(value: object, dice: random.Random) -> object:
    return [True, [[dice.choice(KEYS), value]]]


def cut(value: object, dice: random.Random) -> object:
    return value[: dice.randrange(len(value))] if isinstance(value, str) and value else None


def nested(value: object, _: random.Random) -> object:
    for _turn in range(60):
        value = [False, [value]]
    return value


CHANGES: list[Callable[[Tree, int, random.Random], None]] = [
    delete,
    double,
    swap,
    rename,
    *(replace(change) for change in (odd, listed, named, cut, nested)),
]


def mutated(source: str, dice: random.Random) -> str:
    node = parse_document(source, "", Findings())
    assert node is not None
    tree = tree_of(node)
    for _ in range(dice.randint(1, 3)):
        mapping, parts = dice.choice(rooms(tree))
        if parts:
            change = dice.choice([one for one in CHANGES if mapping or one is not rename])
            change(parts, dice.randrange(len(parts)), dice)
    return written(tree)


def judged(folder: Path) -> Loaded | Faults:
    found = load(folder)
    if isinstance(found, Faults):
        assert found.faults
        assert all(one.at.file and one.at.line >= 1 and one.problem for one in found.faults)
    else:
        version = found.version
        sequence = YAML(typ="safe", pure=True).load((folder / "sequence.yaml").read_text("utf-8"))
        assert list(SCHEMA.iter_errors(sequence)) == []
        assert Version.model_validate_json(version.model_dump_json()) == version
        assert simulate(version.sequence, ADA).timeline
    return found


def test_the_tree_that_is_changed_is_the_one_that_was_read(tmp_path: Path) -> None:
    node = parse_document(SEQUENCE, "", Findings())
    assert node is not None

    again = judged(whole_folder(tmp_path, written(tree_of(node))).path)

    assert isinstance(again, Loaded), again
    assert again.version == load_whole(tmp_path).version


def load_whole(at: Path) -> Loaded:
    loaded = load(whole_folder(at).path)
    assert isinstance(loaded, Loaded), str(loaded)
    return loaded


@pytest.mark.parametrize("start", range(0, 4 * ROUNDS, ROUNDS))
def test_a_changed_definition_loads_or_is_refused_with_a_place(tmp_path: Path, start: int) -> None:
    refused = 0
    for seed in range(start, start + ROUNDS):
        dice = random.Random(seed)  # noqa: S311  # no secret
        folder = whole_folder(tmp_path, mutated(SEQUENCE, dice)).path
        refused += isinstance(judged(folder), Faults)

    assert refused > ROUNDS / 2


def test_a_changed_project_is_read_or_refused_with_a_place(tmp_path: Path) -> None:
    for seed in range(ROUNDS):
        dice = random.Random(seed)  # noqa: S311  # no secret
        judged(whole_folder(tmp_path, project=mutated(PROJECT, dice)).path)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_a_changed_shipped_sequence_loads_or_is_refused(tmp_path: Path, file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    folder = whole_folder(tmp_path)
    for mail in file.parent.glob("*.*"):
        folder.write(mail.name, mail.read_text(encoding="utf-8"))

    for seed in range(ROUNDS // 2):
        dice = random.Random(seed)  # noqa: S311  # no secret
        folder.write("sequence.yaml", mutated(source, dice))
        judged(folder.path)


def test_a_file_that_ends_anywhere_is_refused_or_loads(tmp_path: Path) -> None:
    folder = whole_folder(tmp_path)
    for end in range(0, len(SEQUENCE), 37):
        folder.write("sequence.yaml", SEQUENCE[:end])
        judged(folder.path)
