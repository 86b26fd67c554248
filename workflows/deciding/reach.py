"""What can still come in a sequence, by following each step to those after it."""

from collections.abc import Iterator

from schemas.matchers import StepId
from schemas.progress import Progress
from schemas.sequence import Sequence
from schemas.steps import AnyStep, EmailStep, ExitStep, WaitForStep, WhenStep


def transactional_can_come(sequence: Sequence, progress: Progress) -> bool:
    """Tell whether a transactional mail can still come where no marketing is wanted.

    It may come in a list that has begun or by an unused `on:`; hand-offs and tasks are passed
    over then, so that what follows if they fail does not come.
    """
    reactions = [
        reaction.first
        for index, reaction in enumerate(sequence.reactions)
        if reaction.repeat or not started(progress, index)
    ]
    places = [track.at for track in progress.tracks if track.at is not None]
    return any(
        isinstance(step, EmailStep) and step.transactional
        for step in _reachable(sequence, [*places, *reactions])
    )


def started(progress: Progress, reaction: int) -> int:
    """Count how often the entry of `on:` with this index has begun."""
    return sum(one.startswith(f"{reaction}.") for one in progress.started)


def _reachable(sequence: Sequence, places: list[StepId]) -> Iterator[AnyStep]:
    seen: set[StepId] = set()
    waiting = list(places)
    while waiting:
        place = waiting.pop()
        if place not in seen:
            seen.add(place)
            step = sequence.step_by_id[place]
            yield step
            waiting.extend(after for after in _after(step) if after is not None)


def _after(step: AnyStep) -> list[StepId | None]:
    if isinstance(step, WaitForStep):
        return [*[path.then for path in step.paths], step.otherwise]
    if isinstance(step, WhenStep):
        return [step.then, step.otherwise]
    if isinstance(step, ExitStep):
        return []
    return [step.next]
