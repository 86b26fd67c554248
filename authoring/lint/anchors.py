"""Rules about dates: mails that count from several, or stand in an order that theirs contradict."""

from collections.abc import Iterator

from authoring.lint.remarks import Said
from authoring.lint.review import Review
from authoring.lint.walks import Walk, minutes_of
from schemas.conditions import Fact
from schemas.steps import EmailStep


def anchor_cycle(review: Review) -> Iterator[Said]:
    """Find `at` steps on another date than the one whose change begins a new cycle."""
    cycle = review.sequence.new_cycle
    for step in () if cycle is None else review.sequence.emails:
        if step.at is None or cycle is None or step.at.anchor == cycle.anchor:
            continue
        ours, theirs = _name(step.at.anchor), _name(cycle.anchor)
        problem = f"a new `{theirs}` ends all this, though `{step.id}` counts from `{ours}`"
        mend = "count all mails from one date, or make two sequences"
        yield Said(review.places.step(step.id, "at"), step.at.text, problem, mend)


def at_order(review: Review) -> Iterator[Said]:
    """Find mails that come later in the list and are due earlier."""
    found: dict[str, Said] = {}
    for walk in review.walks.hurried:
        for said in _out_of_order(review, walk):
            found.setdefault(said.text, said)
    yield from found.values()


def _out_of_order(review: Review, walk: Walk) -> Iterator[Said]:
    last: dict[str, tuple[int, str]] = {}
    for step in walk.steps:
        due = _due(step) if isinstance(step, EmailStep) else None
        if due is None:
            continue
        since, day, key = due
        before = last.get(since)
        if before is not None and day < before[0]:
            problem = f"`{step.id}` is due before `{before[1]}`, which it stands after: always late"
            yield Said(review.places.step(step.id, key), step.id, problem, "write it before that")
        last[since] = max(before or (day, step.id), (day, step.id))


def _due(step: EmailStep) -> tuple[str, int, str] | None:
    if step.day is not None:
        return "day 1", step.day, "day"
    return None if step.at is None else (_name(step.at.anchor), minutes_of(step.at), "at")


def _name(fact: Fact) -> str:
    return f"{fact.of}.{fact.path}"
