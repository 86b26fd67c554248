"""Rules about how many mails go in how much time."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from authoring.lint.handing import hands_over
from authoring.lint.remarks import Said
from authoring.lint.review import Review
from authoring.lint.truths import exclude
from authoring.lint.walks import Walk
from authoring.text.faults import Spot
from schemas.sequence import Sequence
from schemas.steps import EmailStep, TaskStep


class Usual(NamedTuple):
    """How long sequences of a purpose usually are: of what, how many, over how many days."""

    kinds: tuple[type, ...]
    words: str
    fewest: int
    most: int
    shortest: int
    longest: int


# What marketing operations glossaries advise: "How long should an email sequence be?"
USUAL: dict[str, Usual] = {
    "outbound": Usual((EmailStep, TaskStep), "mails and tasks", 5, 9, 14, 28),
    "nurture": Usual((EmailStep,), "mails", 6, 10, 30, 90),
    "onboarding": Usual((EmailStep,), "mails", 4, 7, 1, 14),
}
"""The usual lengths by purpose; others have none."""


def length(review: Review) -> Iterator[Said]:
    """Compare how much there is on the fullest way with what is usual for the purpose."""
    usual = USUAL.get(review.sequence.purpose)
    if usual is None or review.continues_another:
        return
    count = max((_count(review, walk, usual.kinds) for walk in review.walks.hurried), default=0)
    if usual.fewest <= count <= usual.most:
        return
    problem = (
        f"this {review.sequence.purpose} sequence has {count} {usual.words} on its fullest way; "
        f"{usual.fewest} to {usual.most} are usual"
    )
    mend = "cut those that do least" if count > usual.most else "add what is missing"
    yield Said(_purpose(review), review.sequence.purpose, problem, mend)


def span(review: Review) -> Iterator[Said]:
    """Compare how long the longest way takes with what is usual for the purpose."""
    usual = USUAL.get(review.sequence.purpose)
    if usual is None or review.continues_another:
        return
    days = max((walk.days for walk in review.walks.patient), default=0)
    if usual.shortest <= days <= usual.longest:
        return
    problem = (
        f"this {review.sequence.purpose} sequence takes up to {days} days; "
        f"{usual.shortest} to {usual.longest} are usual"
    )
    mend = "let it end sooner" if days > usual.longest else "leave people more time"
    yield Said(_purpose(review), review.sequence.purpose, problem, mend)


def too_close(review: Review) -> Iterator[Said]:
    """Find marketing mails that can go less than a day after the one before."""
    found: dict[str, Said] = {}
    for walk in review.walks.hurried:
        for before, after in pairwise(review.marketing_on(walk)):
            apart = after[0] - before[0]
            if apart < _DAY:
                problem = f"`{after[1]}` can go {_hours(apart)} after `{before[1]}`"
                at = review.places.step(after[1])
                mend = "leave a day between them: `min_gap: 1 day`"
                found.setdefault(after[1], Said(at, after[1], problem, mend))
    yield from found.values()


def over_cap(review: Review) -> Iterator[Said]:
    """Compare a contact's worst week, alone and with each other sequence, with the cap."""
    most = review.project.caps.per_week if review.project.caps else None
    own = review.worst_week
    if most is None or not own:
        return
    if own > most:
        yield Said(_steps(review), "", _over(f"up to {own} marketing mails", most), _SPREAD_OUT)
    beside = sorted(_beside(review), reverse=True)
    ours = own, review.sequence.name
    worse = [one for one in beside if own <= most < own + one[0] and one < ours]
    for count, name in worse[:1]:
        words = f"up to {own + count} marketing mails ({own} of this, {count} of `{name}`)"
        rest = ", ".join(f"`{other}`" for _, other in worse[1:4])
        also = f"; so with {rest}" if rest else ""
        yield Said(_steps(review), "", f"{_over(words, most)}{also}", _SHARE_OUT)


def _beside(review: Review) -> Iterator[tuple[int, str]]:
    for other in review.others:
        if not _kept_apart(review, other):
            yield other.worst_week, other.sequence.name


def _kept_apart(review: Review, beside: Review) -> bool:
    one, other = review.sequence, beside.sequence
    groups = [turns.exclusive for turns in (one.turns, other.turns) if turns is not None]
    alike = len(groups) > 1 and groups[0] is not None and groups[0] == groups[1]
    met = _relieves(one, other) or _relieves(other, one) or hands_over(one, other)
    return alike or met or exclude(review.audience, beside.audience)


def _relieves(one: Sequence, other: Sequence) -> bool:
    """Tell whether what lets a contact into one sequence ends the other, or keeps out of it."""
    enters = {trigger.on.name for trigger in one.triggers if trigger.kind == "event" and trigger.on}
    ends = {rule.on.name for rule in other.exit_on if rule.on is not None}
    idle = {
        trigger.on.name for trigger in other.triggers if trigger.kind == "inactive" and trigger.on
    }
    return bool(enters & (ends | idle) - {None})


def _count(review: Review, walk: Walk, kinds: tuple[type, ...]) -> int:
    by_id = review.sequence.step_by_id
    return sum(isinstance(by_id[step.id], kinds) for step in walk.steps)


def _over(words: str, most: int) -> str:
    return f"a contact can be due {words} in 7 days, and `caps` lets {most} through"


def _hours(apart: timedelta) -> str:
    hours = int(apart / timedelta(hours=1))
    minutes = int(apart / timedelta(minutes=1))
    if not minutes:
        return "right"
    return f"{hours} hours" if hours > 1 else f"{minutes} minutes"


def _purpose(review: Review) -> Spot:
    return review.places.key("purpose")


def _steps(review: Review) -> Spot:
    return review.places.key("steps")


_DAY = timedelta(days=1)
_SPREAD_OUT = "spread the mails out, or raise the cap"
_SHARE_OUT = "put both in one `exclusive` group, or tell their audiences apart"
