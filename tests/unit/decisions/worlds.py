"""Hypothesis strategies: any valid sequence, and anything that may happen to an enrollment.

Pieces are drawn from lists made beforehand: a draw costs more than what it chooses.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, product

from hypothesis import strategies as st

from schemas.calendar import Duration, Unit, Window
from schemas.conditions import Comparison, Condition, Constant, Fact, Happened
from schemas.events import (
    AppEvent,
    AutoReply,
    Blocked,
    Bounce,
    Click,
    Complaint,
    ContactChanged,
    Control,
    Conversion,
    DataChanged,
    Event,
    Open,
    Reply,
    SendSettled,
    TaskDone,
    Unsubscribe,
)
from schemas.matchers import Matcher
from schemas.policies import Cycle, ExitRule, Reaction, Suppressor, Unengaged
from schemas.sequence import Sequence
from schemas.steps import (
    AnyStep,
    At,
    EmailStep,
    ExitStep,
    HandOffStep,
    NotifyStep,
    Path,
    SetStep,
    TaskStep,
    WaitForStep,
    WaitStep,
    WhenStep,
)
from tests.builders import MONDAY, a_zone

LISTENS = ("reply", "click", "open", "event:booked", "event:login", "event:opened", "event:closed")
DURATIONS = [
    Duration(count=number, unit=unit)
    for number, unit in [
        *((0, Unit.DAYS), (1, Unit.DAYS), (3, Unit.DAYS), (2, Unit.WEEKS)),
        *((1, Unit.HOURS), (30, Unit.HOURS), (0, Unit.MINUTES), (7, Unit.MINUTES)),
    ]
]
MATCHERS = [
    Matcher(kind="reply"),
    *(Matcher(kind="click", step=step) for step in (None, "s1", "s2")),
    *(Matcher(kind="event", name=name) for name in ("booked", "login")),
]
CONDITIONS: list[Condition] = [
    Happened(what="clicked", step="s1"),
    Happened(what="replied"),
    *(
        Comparison(by=by, left=Fact(of="contact", path="score"), right=Constant(value=value))
        for by, value in product(("eq", "lt", "in", "not_in"), (1, "x", [1, 2], None))
    ),
]
OFFICE_WEEK = Window(days=(0, 1, 2, 3, 4), ranges=((540, 720), (780, 1020)))


@dataclass(frozen=True)
class Branch:
    """A step drawn without its place: which kind, with which fields and inner lists."""

    kind: type[AnyStep]
    fields: dict[str, object]
    lists: tuple[tuple["Branch", ...], ...] = ()


def _dated(path: str, by: Duration, *, before: bool, **fields: object) -> Branch:
    at = At(anchor=Fact(of="data", path=path), by=by, before=before, text=f"data.{path}")
    return Branch(EmailStep, {"email": "mail", "at": at, **fields})


MAILS = [
    *(
        Branch(EmailStep, {"email": "mail", "transactional": transactional, **when})
        for transactional, when in product(
            (False, True), ({}, {}, {"day": 1}, {"day": 2}, {"day": 6}, {"day": 9, "at_time": 570})
        )
    ),
    *(
        Branch(EmailStep, {"email": "mail", "valid_for": valid_for, **when})
        for valid_for, when in product(DURATIONS[1:6:2], ({}, {"day": 3}))
    ),
]
DATED = [
    *(
        _dated(path, by, before=before, if_past=past, if_missing=missing)
        for path, by, before, (past, missing) in product(
            ("end", "gone"),
            DURATIONS[1:5],
            (False, True),
            (("skip", "hold"), ("hold", "exit"), ("send_now", "skip"), ("hold", "hold")),
        )
    ),
    _dated("end", DURATIONS[1], before=True, roll="earlier", valid_for=DURATIONS[2]),
]
OTHERS = [
    *(Branch(WaitStep, {"wait": wait}) for wait in DURATIONS),
    *(
        Branch(TaskStep, {"task": "call", "within": within, "blocking": blocking})
        for within, blocking in product(DURATIONS[::2], (False, True))
    ),
    Branch(HandOffStep, {"to": "other"}),
    Branch(ExitStep, {"ending": "enough"}),
    Branch(WaitStep, {"wait": Duration(count=2, unit=Unit.BUSINESS_DAYS)}),
    Branch(SetStep, {"values": {"score": 1}}),
    Branch(NotifyStep, {"text": "look here"}),
]
LEAVES = [*MAILS, *MAILS, *DATED, *OTHERS]
SPLITS = [
    *(
        Branch(WaitForStep, {"on": on, "within": within, "since": since, "reuse": reuse})
        for on, within, since, reuse in product(
            MATCHERS, DURATIONS[1::2], ("enrollment", "step", "always"), (False, True)
        )
    ),
    *(Branch(WhenStep, {"test": test, "text": "a condition"}) for test in CONDITIONS * 6),
]
BESIDE = [*MAILS, Branch(HandOffStep, {"to": "other"}), Branch(ExitStep, {"ending": "enough"})]


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
FACTS = Suppressor(fact="ticket", opens=("opened",), closes=("closed",), id="id")
POLICIES: list[dict[str, object]] = [
    {},
    {"spread": 0},
    {"suppress_while": FACTS},
    {"suppress_while": FACTS.model_copy(update={"then": "exit"})},
    {"suppress_while": FACTS.model_copy(update={"spares_transactional": True})},
    {"unengaged": Unengaged(after=2)},
    {"new_cycle": Cycle(anchor=Fact(of="data", path="end"), over=20)},
]
EXITS = [
    ExitRule(name="booked", on=Matcher(kind="event", name="booked")),
    ExitRule(name="scored", when=CONDITIONS[2]),
]
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

ZONES = [None, a_zone("America/Los_Angeles"), a_zone("Asia/Kolkata")]
HAPPENINGS: list[Event] = [
    Reply(id=""),
    *(Click(id="", step=step) for step in ("s1", "s2", "s3")),
    *(Open(id="", step=step) for step in ("s1", "s2")),
    *(AppEvent(id="", name=name) for name in ("booked", "login")),
    Conversion(id="", name="booked"),
    Unsubscribe(id=""),
    Unsubscribe(id="", topic="another"),
    Complaint(id=""),
    *(Bounce(id="", hard=hard) for hard in (True, False, False)),
    Blocked(id=""),
    *(AutoReply(id="", until=MONDAY + timedelta(days=days)) for days in (1, 4, 11)),
    *(AutoReply(id=""),) * 2,
    *(
        ContactChanged(id="", facts={"score": score}, zone=zone)
        for score, zone in product((1, "x", None), ZONES)
    ),
    *(TaskDone(id="", step=f"s{number}") for number in range(1, 6)),
    SendSettled(id="", send="doubt", accepted=True),
    *(
        DataChanged(id="", facts={"end": end})
        for end in ("2026-03-10", "2026-03-18T09:30", "2026-04-20", None, "soon")
    ),
    *(AppEvent(id="", name=name, fields={"id": 7}) for name in ("opened", "opened", "closed")),
]
COMMANDS: list[Event] = [
    *(Control(id="", action="pause", who="ada"), Control(id="", action="resume", who="ada")) * 2,
    Control(id="", action="exit", who="ada"),
    Control(id="", action="skip", who="ada"),
]


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
