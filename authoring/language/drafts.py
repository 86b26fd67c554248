"""Steps as they are nested in the file, and how they become flat ones that name what follows."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.matchers import StepId
from schemas.steps import AnyStep, HandOffStep, TaskStep, WaitForStep, WhenStep


@dataclass(frozen=True)
class Draft:
    """A step that does not know yet what follows, and its branches in the order of its exits.

    Exits are: `then` and `else` of a condition; each event's path, then `else`, of a wait for
    events; `else` of a task and of a hand-off. A branch that is not written is empty.
    """

    step: AnyStep
    branches: "tuple[tuple[Draft, ...], ...]" = ()


def linked(drafts: tuple[Draft, ...], after: StepId | None = None) -> Iterator[AnyStep]:
    """Give the steps in the order written, each with its successors; `after` comes at the end."""
    for position, draft in enumerate(drafts):
        rest = drafts[position + 1 :]
        following = rest[0].step.id if rest else after
        firsts = [branch[0].step.id if branch else following for branch in draft.branches]
        yield _with_successors(draft.step, following, firsts)
        for branch in _each_once(draft.branches):
            yield from linked(branch, following)


def first_of(drafts: tuple[Draft, ...]) -> StepId | None:
    """Give the id of the first step of a list."""
    return drafts[0].step.id if drafts else None


def _each_once(branches: tuple[tuple[Draft, ...], ...]) -> list[tuple[Draft, ...]]:
    # The events of one wait may share a branch.
    return list({id(branch): branch for branch in branches}.values())


def _with_successors(
    step: AnyStep, following: StepId | None, firsts: list[StepId | None]
) -> AnyStep:
    match step:
        case WhenStep():
            exits: dict[str, object] = {"then": firsts[0], "otherwise": firsts[1]}
        case WaitForStep():
            paths = zip(step.paths, firsts, strict=False)
            branches = tuple(path.model_copy(update={"then": first}) for path, first in paths)
            exits = {"paths": branches, "otherwise": firsts[-1]}
        case TaskStep() | HandOffStep():
            exits = {"otherwise": firsts[0]}
        case _:
            exits = {}
    return step.model_copy(update={"next": following, **exits})
