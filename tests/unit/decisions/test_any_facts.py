from datetime import datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from schemas.calendar import Duration, Unit, Window
from schemas.conditions import Comparison, Constant, Fact
from schemas.decisions import Wait
from schemas.events import AppEvent, ContactChanged, Control, DataChanged, Event
from schemas.matchers import Matcher
from schemas.policies import Cycle, ExitRule, Reaction, Suppressor
from schemas.sequence import Sequence
from schemas.steps import At, EmailStep, WaitStep, WhenStep
from schemas.values import Facts
from tests.builders import MONDAY, OFFICE, a_progress, a_sequence, a_zone, act
from tests.unit.decisions.worlds import MOMENTS
from workflows.after.folding import after_event
from workflows.deciding.decisions import decide

NAMES = ("x", "y")
HEARD = ("opened", "closed", "login")
DATES = st.sampled_from(
    ["2026-03-04", "2026-03-04T09:30", "2026-03-06T23:59Z", "2026-03-08T02:30", "2999-12-31",
     "1970-01-01", "2999-12-31T23:59:59-23:59", "1970-01-01T00:00+23:59", "0001-01-01",
     "9999-12-31T23:59-12:00", "2026-W10-1", "20260304", "2026-03-04T09:30:15.123456+05:45:30"]
)  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None))
)
ANYTHING: st.SearchStrategy[JsonValue] = DATES | st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)
KNOWN = st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=2)
ZONES = st.sampled_from([None, a_zone("Australia/Lord_Howe"), a_zone("Asia/Kathmandu")])
WINDOWS = [
    None,
    OFFICE,
    Window(days=(6,), ranges=((120, 180),)),
    Window(days=(0,), ranges=((0, 1),), holidays=tuple(
        (MONDAY + timedelta(weeks=ahead)).date() for ahead in range(60)
    )),
]  # fmt: skip
SAMPLES = st.sampled_from
TICKET = Suppressor(fact="f", opens=("opened",), closes=("closed",), id="x", match="y")


def _fact(of: str, name: str) -> Fact:
    return Fact.model_validate({"of": of, "path": name})


def _mail(number: int, by: Duration | None, fields: dict[str, object]) -> EmailStep:
    of, name = ("data", "contact")[number % 2], NAMES[number // 2 % 2]
    at = At(anchor=_fact(of, name), by=by, before=number % 3 == 0, text=f"{of}.{name}")
    return EmailStep.model_validate({"id": f"s{number}", "email": "mail", "at": at, **fields})


BYS = [None, *(Duration(count=c, unit=u) for c, u in product((0, 3, 400), (Unit.DAYS, Unit.HOURS)))]
CHOICES = [
    {"if_past": past, "if_missing": missing, "roll": roll, "valid_for": valid_for}
    for past, missing, roll, valid_for in product(
        ("skip", "send_now", "hold"),
        ("skip", "hold"),
        ("later", "earlier"),
        (None, Duration(count=90, unit=Unit.MINUTES)),
    )
]
CONDITIONS = [
    Comparison.model_validate(
        {"by": by, "left": _fact(of, "x"), "right": right}
    )
    for by, of, right in product(
        ("eq", "lt", "ge", "in", "not_in"),
        ("data", "contact"),
        (Constant(value="m"), Constant(value=[1, "a"]), _fact("data", "y")),
    )
]  # fmt: skip


@st.composite
def sequences(draw: st.DrawFn) -> Sequence:
    mails = [
        _mail(number, draw(SAMPLES(BYS)), draw(SAMPLES(CHOICES)))
        for number in range(draw(st.integers(1, 4)))
    ]
    when = WhenStep(id="w", test=draw(SAMPLES(CONDITIONS)), text="any", then="s0", otherwise="s0")
    wait = WaitStep(id="b", wait=Duration(count=2, unit=Unit.BUSINESS_DAYS))
    login = Matcher(kind="event", name="login", where=draw(SAMPLES(CONDITIONS)))
    met = ExitRule(name="met", when=draw(SAMPLES(CONDITIONS)))
    return a_sequence(
        wait,
        when,
        *mails,
        window=draw(SAMPLES(WINDOWS)),
        weekend=draw(SAMPLES([(5, 6), (0, 1, 2, 3, 4, 5, 6)])),
        exit_on=draw(SAMPLES([(), (met,)])),
        new_cycle=Cycle(anchor=_fact("data", "x"), over=draw(st.integers(0, 10**12))),
        suppress_while=TICKET,
        reactions=(Reaction(on=login, first="s0", repeat=True),),
        listens_to=tuple(f"event:{name}" for name in HEARD),
    )


EVENTS = st.lists(
    st.one_of(
        st.builds(DataChanged, id=st.uuids().map(str), at=MOMENTS, facts=KNOWN),
        st.builds(ContactChanged, id=st.uuids().map(str), at=MOMENTS, facts=KNOWN, zone=ZONES),
        st.builds(
            AppEvent,
            id=st.uuids().map(str),
            at=MOMENTS,
            name=SAMPLES(HEARD),
            fields=KNOWN,
        ),
        st.builds(
            Control,
            id=st.uuids().map(str),
            at=MOMENTS,
            action=SAMPLES(["pause", "resume", "skip"]),
            who=st.just("ada"),
        ),
    ),
    max_size=6,
)


@given(sequence=sequences(), values=KNOWN, contact=KNOWN, events=EVENTS)
def test_whatever_stands_in_facts_there_is_a_decision_and_a_wait_ends_after_now(
    sequence: Sequence, values: Facts, contact: Facts, events: list[Event]
) -> None:
    progress = a_progress(sequence, values=values, contact=contact, contact_id="c1", key="k")
    coming = sorted(events, key=lambda one: one.at or MONDAY)
    now = MONDAY

    for _ in range(80):
        while coming and (coming[0].at or now) <= now:
            progress = after_event(sequence, progress, coming.pop(0), now)
        decision = decide(sequence, progress, now)
        if not isinstance(decision, Wait):
            progress = act(sequence, progress, decision, now)
        elif (then := _next(decision, now, coming)) is not None:
            now = then
        else:
            return
        if progress.ending is not None:
            return
    raise AssertionError("it makes no headway")


def _next(wait: Wait, now: datetime, coming: list[Event]) -> datetime | None:
    assert wait.until is None or wait.until > now
    assert wait.why
    moments = [one for one in (wait.until, *(event.at for event in coming[:1])) if one is not None]
    return min(moments, default=None)
