"""How large a definition may be."""

from authoring.language.definitions import MOST_STEPS
from authoring.language.outline import DEEPEST
from tests.unit.authoring.written import Folder


def steps(count: int) -> str:
    waits = ", ".join(["{wait: 1 day}"] * (count - 1))
    return f"steps: [{{email: intro}}, {waits}]\n"


def nested(depth: int) -> str:
    inner = "{exit: x}"
    for _ in range(depth):
        inner = f"{{when: contact.a, then: [{inner}]}}"
    return f"steps: [{{email: intro}}, {inner}]\n"


def test_a_sequence_has_at_most_two_hundred_steps(folder: Folder) -> None:
    assert len(folder.sequence(steps(MOST_STEPS)).steps) == MOST_STEPS
    (said,) = folder.said(steps(MOST_STEPS + 1))
    assert "4:1: the sequence has 201 steps; at most 200 are allowed; hand over" in said


def test_those_beside_the_steps_count_too(folder: Folder) -> None:
    signs = "high_intent: [won]\n"

    (said,) = folder.said(signs + steps(MOST_STEPS))

    assert "the sequence has 201 steps" in said


def test_branches_lie_at_most_five_deep(folder: Folder) -> None:
    assert len(folder.sequence(nested(DEEPEST)).steps) == DEEPEST + 2
    (said,) = folder.said(nested(DEEPEST + 1))
    assert "branches lie more than 5 deep here" in said


def test_what_is_nested_without_end_is_refused_with_its_place(folder: Folder) -> None:
    (said,) = folder.said(f"steps: {'[' * 5_000}\n")

    assert said.endswith("this lies more than 40 levels deep")
