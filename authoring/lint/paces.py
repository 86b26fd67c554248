"""Rules about how many may enter a day: numbers that cannot do what they say."""

from collections.abc import Iterator

from authoring.lint.remarks import Said
from authoring.lint.review import Review
from schemas.policies import Pace
from schemas.steps import NotifyStep, TaskStep


def idle_pace(review: Review) -> Iterator[Said]:
    """Find a `pace` of which a number never counts, or that keeps back what must go at once."""
    pace = review.sequence.pace
    if pace is None:
        return
    at = review.places.key("pace")
    for problem, mend in (*_of_owners(review, pace), *_of_all(review, pace)):
        yield Said(at, "pace", problem, mend)
    yield from _outrun(review, pace)


def _of_owners(review: Review, pace: Pace) -> Iterator[tuple[str, str]]:
    if pace.per_owner is None:
        return
    if pace.per_owner == pace.per_day:
        problem = f"`per_owner` never counts: no more than {pace.per_day} may enter in all"
        yield problem, "lower it, or remove it"
    if not _owners_act(review):
        problem = (
            "`per_owner` shares out what no owner does here; whoever has no owner counts as one "
            "owner's"
        )
        yield problem, f"write `{pace.per_owner} per day`, or `from: owner`"


def _of_all(review: Review, pace: Pace) -> Iterator[tuple[str, str]]:
    if not review.is_marketing:
        most = pace.per_day or pace.per_owner
        problem = f"whoever comes after the first {most} of a day gets a receipt days late"
        yield problem, "remove it"


def _outrun(review: Review, pace: Pace) -> Iterator[Said]:
    at = review.places.key("enroll_on")
    for trigger in review.sequence.triggers:
        if pace.per_day is not None and (trigger.per_day or 0) > pace.per_day:
            problem = (
                f"`max: {trigger.per_day} per day` is more than the {pace.per_day} a day of "
                "`pace`, so whoever is let in waits in a line that grows"
            )
            yield Said(at, "max", problem, "lower it, or raise `pace`")


def _owners_act(review: Review) -> bool:
    content, steps = review.content, review.sequence.steps
    writes = "owner" in (content.sender, *content.senders.values())
    return writes or any(isinstance(step, TaskStep | NotifyStep) for step in steps)
