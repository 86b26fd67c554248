"""Hypothesis strategies: any valid sequence, and anything that may happen to an enrollment.

Pieces are drawn from lists made beforehand: a draw costs more than what it chooses.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

from hypothesis import strategies as st

from schemas.calendar import Duration, Window
from schemas.conditions import Condition
from schemas.events import (
    Event,
)
from schemas.matchers import Matcher
from schemas.policies import ExitRule, Reaction
from schemas.sequence import Sequence
from schemas.steps import (
    AnyStep,
    Path,
    WaitForStep,
    WhenStep,
)
from tests.builders import MONDAY
from tests.unit.decisions.pieces import (
    BESIDE,
    COMMANDS,
    CONDITIONS,
    DURATIONS,
    EXITS,
    HAPPENINGS,
    LEAVES,
    LISTENS,
    MATCHERS,
    OFFICE_WEEK,
    POLICIES,
    SPLITS,
    Branch,
)


def _split(kind: Branch, lists: list[list[Branch]]) -> Branch:
    return Branch(kind.kind, kind.fields, tuple(tuple(one) for one in lists))


LEAF = st.sampled_from(LEAVES)
SPLIT = st.builds(
    _split,
    st.sampled_from(SPLITS),
    st.lists(st.lists(LEAF, max_size=2), min_size=2, max_size=2),
)
LISTS = st.lists(LEAF | SPLIT, min_size=1, max_size=6)
REACTIONS = st.lists(
    st.tuples(
        st.sampled_from(MATCHERS),
        st.lists(st.sampled_from(BESIDE), min_size=1, max_size=2),
        st.booleans(),
    ),
    max_size=2,
)
RULES = st.tuples(
    st.sampled_from([(), EXITS[:1], EXITS[1:], EXITS]),
    st.sampled_from([None, OFFICE_WEEK]),
    st.sampled_from([None, None, CONDITIONS[6]]),
    st.sampled_from(DURATIONS[:6]),
    st.sampled_from(POLICIES),
)


def flat(
    branches: list[Branch], after: str | None, ids: Iterator[int]
) -> tuple[str | None, list[AnyStep]]:
    """Give the first step's id and all steps, each naming what comes after it."""
    steps: list[AnyStep] = []
    for branch in reversed(branches):
        own = f"s{next(ids)}"
        firsts = []
        for inner in branch.lists:
            first, inside = flat(list(inner), after, ids)
            firsts.append(first)
            steps = [*inside, *steps]
        steps.insert(0, _step(branch, own, after, firsts))
        after = own
    return after, steps


def _step(branch: Branch, own: str, after: str | None, firsts: list[str | None]) -> AnyStep:
    fields = {"id": own, "next": after, "otherwise": after, **branch.fields}
    if branch.kind is WhenStep:
        fields |= {"then": firsts[0], "otherwise": firsts[1]}
    if branch.kind is WaitForStep:
        path = Path.model_validate({"on": fields.pop("on"), "then": firsts[0]})
        fields |= {"paths": (path,), "otherwise": firsts[1]}
    return branch.kind.model_validate(fields)


def _sequence(
    main: list[Branch],
    beside: list[tuple[Matcher, list[Branch], bool]],
    rules: tuple[list[ExitRule], Window | None, Condition | None, Duration, dict[str, object]],
) -> Sequence:
    ids, reactions = count(1), []
    first, steps = flat(main, None, ids)
    for matcher, inner, repeat in beside:
        start, inside = flat(inner, None, ids)
        steps += inside
        reactions.append(Reaction(on=matcher, first=start or "", repeat=repeat))
    return Sequence(
        name="any",
        steps=tuple(steps),
        first=first,
        reactions=tuple(reactions),
        exit_on=tuple(rules[0]),
        window=rules[1],
        audience=rules[2],
        min_gap=rules[3],
        listens_to=LISTENS,
    ).model_copy(update=rules[4])


SEQUENCES = st.builds(_sequence, LISTS, REACTIONS, RULES)

_HOURS = 20 * 24
MOMENTS = st.integers(0, 4 * _HOURS).map(
    lambda n: MONDAY + timedelta(minutes=60 * n if n <= _HOURS else 19 * (n - _HOURS))
)
"""Three weeks, a quarter of it at full hours of the enrollment: where things coincide."""


def _event(event: Event, at: object, mark: int) -> Event:
    return event.model_copy(update={"id": f"e{mark}", "at": at})


EVENT_IDS = st.integers(1, 40)
EVENTS = st.builds(_event, st.sampled_from(HAPPENINGS), MOMENTS, EVENT_IDS)
EVENT_LISTS = st.lists(EVENTS, max_size=8, unique_by=lambda event: event.id)
HISTORIES = st.lists(
    st.builds(_event, st.sampled_from([*HAPPENINGS, *COMMANDS * 3]), MOMENTS, EVENT_IDS),
    max_size=8,
    unique_by=lambda event: event.id,
)
