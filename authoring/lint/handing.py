"""Rules about hand-offs: sequences that hand a contact round and round."""

from collections.abc import Iterator

from authoring.lint.remarks import Said
from authoring.lint.review import Review
from schemas.sequence import Sequence
from schemas.steps import HandOffStep


def hand_off_loop(review: Review) -> Iterator[Said]:
    """Find hand-offs from which a contact comes back here, through the sequences given."""
    known = [review.sequence, *(other.sequence for other in review.others)]
    targets = {one.name: [step.to for step in _hand_offs(one)] for one in known}
    for step in _hand_offs(review.sequence):
        way = _way_back(step.to, review.sequence.name, targets)
        if way and step.id in review.roads.reachable:
            round_trip = " to ".join(f"`{name}`" for name in (review.sequence.name, *way))
            problem = f"hand-offs go round in a circle: {round_trip}"
            yield Said(review.places.step(step.id), step.to, problem, "let one of them end instead")


def hands_over(one: Sequence, other: Sequence) -> bool:
    """Tell whether one of two sequences hands its contacts over to the other."""
    return other.name in {step.to for step in _hand_offs(one)} or one.name in {
        step.to for step in _hand_offs(other)
    }


def _hand_offs(sequence: Sequence) -> list[HandOffStep]:
    return [step for step in sequence.steps if isinstance(step, HandOffStep)]


def _way_back(start: str, home: str, targets: dict[str, list[str]]) -> tuple[str, ...]:
    waiting: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop(0)
        if way[-1] == home:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            waiting.extend((*way, name) for name in targets.get(way[-1], []))
    return ()
