"""Hypothesis strategies: any valid sequence, and anything that may happen to an enrollment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from hypothesis import strategies as st

from schemas.calendar import Duration, Unit, Window
from schemas.conditions import Comparison, Constant, Fact, Happened
from schemas.events import (
    AppEvent,
    AutoReply,
    Blocked,
    Bounce,
    Click,
    Complaint,
    ContactChanged,
    Event,
    Open,
    Reply,
    TaskDone,
    Unsubscribe,
)
from schemas.sequence import (
    AnyStep,
    EmailStep,
    ExitRule,
    ExitStep,
    HandOffStep,
    Matcher,
    Path,
    Reaction,
    Sequence,
    TaskStep,
    WaitForStep,
    WaitStep,
    WhenStep,
)
from tests.builders import MONDAY

LISTENS = ("reply", "click", "open", "event:booked", "event:login")
DURATIONS = st.builds(
    Duration, count=st.integers(0, 6), unit=st.sampled_from([Unit.HOURS, Unit.DAYS, Unit.MINUTES])
)
MATCHERS = st.one_of(
    st.just(Matcher(kind="reply")),
    st.builds(Matcher, kind=st.just("click"), step=st.sampled_from([None, "s1", "s2"])),
    st.builds(Matcher, kind=st.just("event"), name=st.sampled_from(["booked", "login"])),
)
CONDITIONS = st.one_of(
    st.just(Happened(what="clicked", step="s1")),
    st.just(Happened(what="replied")),
    st.builds(
        Comparison,
        by=st.sampled_from(["eq", "lt", "in", "not_in"]),
        left=st.just(Fact(of="contact", path="score")),
        right=st.builds(Constant, value=st.sampled_from([1, "x", [1, 2], None])),
    ),
)


@dataclass(frozen=True)
class Branch:
    """A step drawn without its place: which kind, with which fields and inner lists."""

    kind: type[AnyStep]
    fields: dict[str, object]
    lists: tuple[tuple["Branch", ...], ...] = ()


def _leaves() -> st.SearchStrategy[Branch]:
    emails = st.fixed_dictionaries(
        {"email": st.just("mail"), "transactional": st.booleans()},
        optional={"day": st.integers(1, 9)},
    )
    tasks = st.fixed_dictionaries(
        {"task": st.just("call"), "within": DURATIONS, "blocking": st.booleans()}
    )
    return st.one_of(
        st.builds(Branch, kind=st.just(EmailStep), fields=emails),
        st.builds(
            Branch, kind=st.just(WaitStep), fields=st.fixed_dictionaries({"wait": DURATIONS})
        ),
        st.builds(Branch, kind=st.just(TaskStep), fields=tasks),
        st.just(Branch(HandOffStep, {"to": "other"})),
        st.just(Branch(ExitStep, {"ending": "enough"})),
    )


def _branching(inner: st.SearchStrategy[Branch]) -> st.SearchStrategy[Branch]:
    lists = st.tuples(*[st.lists(inner, max_size=2).map(tuple)] * 2)
    waits = st.fixed_dictionaries(
        {
            "on": MATCHERS,
            "within": DURATIONS,
            "since": st.sampled_from(["enrollment", "step", "always"]),
            "reuse": st.booleans(),
        }
    )
    whens = st.fixed_dictionaries({"test": CONDITIONS, "text": st.just("a condition")})
    return st.one_of(
        st.builds(Branch, kind=st.just(WaitForStep), fields=waits, lists=lists),
        st.builds(Branch, kind=st.just(WhenStep), fields=whens, lists=lists),
    )


LISTS = st.lists(st.recursive(_leaves(), _branching, max_leaves=5), min_size=1, max_size=6)


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


@st.composite
def sequences(draw: st.DrawFn) -> Sequence:
    ids = count(1)
    first, steps = flat(draw(LISTS), None, ids)
    reactions = []
    for matcher in draw(st.lists(MATCHERS, max_size=2)):
        inner = [branch for branch in draw(LISTS) if branch.kind in {EmailStep, HandOffStep}]
        start, beside = flat(inner, None, ids)
        if start is not None:
            steps += beside
            reactions.append(Reaction(on=matcher, first=start, repeat=draw(st.booleans())))
    rules = [ExitRule(name="booked", on=Matcher(kind="event", name="booked"))]
    return Sequence(
        name="any",
        steps=tuple(steps),
        first=first,
        reactions=tuple(reactions),
        exit_on=tuple(rules[: draw(st.integers(0, 1))]),
        window=draw(st.sampled_from([None, OFFICE_WEEK])),
        listens_to=LISTENS,
    )


OFFICE_WEEK = Window(days=(0, 1, 2, 3, 4), ranges=((540, 720), (780, 1020)))
MOMENTS = st.integers(0, 20 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
EVENT_IDS = st.integers(1, 40).map(lambda number: f"e{number}")
AT = {"id": EVENT_IDS, "at": MOMENTS}

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Reply, **AT),
    st.builds(Click, **AT, step=st.sampled_from(["s1", "s2", "s3"])),
    st.builds(Open, **AT, step=st.sampled_from(["s1", "s2"])),
    st.builds(AppEvent, **AT, name=st.sampled_from(["booked", "login"])),
    st.builds(Unsubscribe, **AT),
    st.builds(Complaint, **AT),
    st.builds(Bounce, **AT, hard=st.booleans()),
    st.builds(Blocked, **AT),
    st.builds(AutoReply, **AT, until=st.none() | MOMENTS),
    st.builds(
        ContactChanged,
        **AT,
        facts=st.fixed_dictionaries({"score": st.sampled_from([1, 2, "x", None])}),
    ),
    st.builds(TaskDone, **AT, step=st.sampled_from(["s1", "s2", "s3", "s4"])),
)
EVENT_LISTS = st.lists(EVENTS, max_size=8, unique_by=lambda event: event.id)
