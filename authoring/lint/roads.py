"""The ways that lead on from each step, and which steps can be reached at all."""

from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from typing import NamedTuple

from authoring.lint.truths import truth_of
from schemas.conditions import Constant
from schemas.matchers import Matcher, StepId
from schemas.sequence import Sequence
from schemas.steps import (
    AnyStep,
    EmailStep,
    ExitStep,
    HandOffStep,
    TaskStep,
    UntilStep,
    WaitForStep,
    WaitStep,
    WhenStep,
)


class Way(NamedTuple):
    """One way on from a step: the choice in words, the step as it then is, and what follows."""

    words: str
    step: AnyStep
    to: StepId | None


def ways(step: AnyStep, *, patient: bool) -> tuple[Way, ...]:
    """Give every way on from a step, made certain: nothing is left to chance or to people.

    What is awaited comes at once or, to the `patient`, at the last moment.
    """
    if isinstance(step, WaitForStep | TaskStep):
        return _TIMED[type(step)](step, patient=patient)
    make = _WAYS.get(type(step))
    return (Way("", straight(step, step.next), step.next),) if make is None else make(step)


def straight(step: AnyStep, to: StepId | None) -> WhenStep:
    """Give a step that only leads on to `to`."""
    return WhenStep(id=step.id, test=Constant(value=True), text="", then=to, otherwise=to, next=to)


def words_of(matcher: Matcher) -> str:
    """Name an event for a reader: `reply`, `order_shipped`, `click in case-study`."""
    named = matcher.name or matcher.kind
    return f"{named} in {matcher.step}" if matcher.step else named


class Roads:
    """Which steps of a sequence lead to which."""

    def __init__(self, sequence: Sequence) -> None:
        self._sequence = sequence

    @cached_property
    def beside(self) -> frozenset[StepId]:
        """The steps that stand in `on:`."""
        firsts = [one.first for one in self._sequence.reactions]
        return frozenset(step for first in firsts for step in self._written_from(first))

    def can_precede(self, earlier: StepId, later: StepId) -> bool:
        """Tell whether the step `later` can be reached after `earlier` was; if alike, no."""
        return earlier in self.beside or later in self._after(earlier)

    def outcome(self, step: WhenStep) -> bool | None:
        """Give what a condition always comes to; None if that depends."""
        mails = [one.id for one in self._sequence.emails if self.can_precede(one.id, step.id)]
        return truth_of(step.test, mails)

    def successors(self, step: AnyStep) -> Iterator[StepId]:
        """Give the steps that can come next."""
        if isinstance(step, WhenStep):
            outcome = self.outcome(step)
            to = [step.then] * (outcome is not False) + [step.otherwise] * (outcome is not True)
        else:
            to = [way.to for way in ways(step, patient=False)]
        yield from (one for one in dict.fromkeys(to) if one is not None)

    @cached_property
    def reachable(self) -> frozenset[StepId]:
        """The steps that an enrollment can come to, those in `on:` included."""
        firsts = [self._sequence.first, *(one.first for one in self._sequence.reactions)]
        return frozenset(_closure(firsts, self._next))

    def _next(self, step: StepId) -> list[StepId]:
        return list(self.successors(self._sequence.step_by_id[step]))

    def _after(self, step: StepId) -> frozenset[StepId]:
        if step not in self._all_after:
            firsts = self._written_next(step)
            self._all_after[step] = frozenset(_closure(firsts, self._written_next))
        return self._all_after[step]

    @cached_property
    def _all_after(self) -> dict[StepId, frozenset[StepId]]:
        return {}

    def _written_from(self, step: StepId) -> Iterator[StepId]:
        return _closure([step], self._written_next)

    def _written_next(self, step: StepId) -> list[StepId]:
        found = self._sequence.step_by_id.get(step)
        to = () if found is None else ways(found, patient=False)
        return [way.to for way in to if way.to is not None]


def _closure(
    firsts: Collection[StepId | None], following: Callable[[StepId], list[StepId]]
) -> Iterator[StepId]:
    waiting, seen = [one for one in firsts if one is not None], set[StepId]()
    while waiting:
        step = waiting.pop()
        if step not in seen:
            seen.add(step)
            yield step
            waiting.extend(following(step))


def _mail(step: EmailStep | WaitStep | UntilStep) -> tuple[Way, ...]:
    return (Way("", step, step.next),)


def _when(step: WhenStep) -> tuple[Way, ...]:
    return (
        Way(f"`{step.text}` holds", straight(step, step.then), step.then),
        Way(f"`{step.text}` does not hold", straight(step, step.otherwise), step.otherwise),
    )


def _wait_for(step: WaitForStep, *, patient: bool) -> tuple[Way, ...]:
    came = [
        Way(f"{words_of(path.on)} comes", _later(step, path.then, patient=patient), path.then)
        for path in step.paths
    ]
    waited = WaitStep(id=step.id, wait=step.within, next=step.otherwise)
    return (*came, Way("nothing awaited comes", waited, step.otherwise))


def _later(step: WaitForStep | TaskStep, to: StepId | None, *, patient: bool) -> AnyStep:
    if not patient or step.within is None:
        return straight(step, to)
    return WaitStep(id=step.id, wait=step.within, next=to)


def _task(step: TaskStep, *, patient: bool) -> tuple[Way, ...]:
    if not step.blocking or step.within is None:
        return (Way("", straight(step, step.next), step.next),)
    done = Way(f"the task {step.task} is done", _later(step, step.next, patient=patient), step.next)
    if step.otherwise == step.next:
        return (done,)
    late = WaitStep(id=step.id, wait=step.within, next=step.otherwise)
    return (done, Way(f"the task {step.task} is not done", late, step.otherwise))


def _hand_off(step: HandOffStep) -> tuple[Way, ...]:
    gone = ExitStep(id=step.id, ending="handed_off")
    refused = straight(step, step.otherwise)
    return (
        Way(f"{step.to} takes over", gone, None),
        Way(f"{step.to} refuses", refused, step.otherwise),
    )


def _exit(step: ExitStep) -> tuple[Way, ...]:
    return (Way("", step, None),)


_WAYS: dict[type, Callable[..., tuple[Way, ...]]] = {
    EmailStep: _mail,
    WaitStep: _mail,
    UntilStep: _mail,
    WhenStep: _when,
    HandOffStep: _hand_off,
    ExitStep: _exit,
}
_TIMED: dict[type, Callable[..., tuple[Way, ...]]] = {
    WaitForStep: _wait_for,
    TaskStep: _task,
}
