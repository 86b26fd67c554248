"""Which steps a list holds, and past which of them a branch that was taken has led."""

from collections.abc import Iterable

from schemas.matchers import StepId
from schemas.progress import Entry, What
from schemas.sequence import Sequence
from schemas.steps import AnyStep, ExitStep, HandOffStep, TaskStep, WaitForStep, WhenStep


def steps_of(sequence: Sequence, start: StepId | None) -> frozenset[StepId]:
    """Give every step of the list that begins with `start`, also what no way leads to."""
    return _followed(sequence, start, through_exits=True)


def reachable(sequence: Sequence, start: StepId | None) -> frozenset[StepId]:
    """Give every step that may come from `start` on, itself included."""
    return _followed(sequence, start, through_exits=False)


def _followed(
    sequence: Sequence, start: StepId | None, *, through_exits: bool
) -> frozenset[StepId]:
    seen: set[StepId] = set()
    waiting = [start]
    while waiting:
        place = waiting.pop()
        if place is not None and place not in seen and place in sequence.step_by_id:
            seen.add(place)
            step = sequence.step_by_id[place]
            goes_on = through_exits or not isinstance(step, ExitStep)
            waiting += [*heads(step), *([step.next] if goes_on else [])]
    return frozenset(seen)


def heads(step: AnyStep) -> list[StepId | None]:
    """Give the first steps of the paths that a step may lead to."""
    match step:
        case WhenStep():
            return [step.then, step.otherwise]
        case WaitForStep():
            return [*(path.then for path in step.paths), step.otherwise]
        case TaskStep() | HandOffStep():
            return [step.otherwise]
    return []


def passed_by(sequence: Sequence, step: StepId, entries: Iterable[Entry]) -> Entry | None:
    """Give the entry that tells of the branch which led past `step`, if one did."""
    for entry in entries:
        if entry.what not in _DECIDED:
            continue
        branch = sequence.step_by_id.get(entry.step or "")
        if branch is not None and _leads_past(sequence, branch, step, entry.to):
            return entry
    return None


_DECIDED = (
    *(What.BRANCHED, What.WAITED, What.TASK_DONE, What.TASK_TIMED_OUT, What.SKIPPED),
    What.HAND_OFF_REFUSED,
)


def _leads_past(sequence: Sequence, branch: AnyStep, step: StepId, to: StepId | None) -> bool:
    inside = {one for head in heads(branch) for one in reachable(sequence, head)}
    after = reachable(sequence, branch.next)
    return step in inside - after and step not in reachable(sequence, to)
