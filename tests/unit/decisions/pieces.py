"""Pieces of lives made beforehand: steps, rules and events to draw from."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product

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
    Turn,
    Unsubscribe,
)
from schemas.matchers import Matcher
from schemas.policies import Cycle, ExitRule, Suppressor, Turns, Unengaged
from schemas.steps import (
    AnyStep,
    At,
    EmailStep,
    ExitStep,
    HandOffStep,
    NotifyStep,
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


FACTS = Suppressor(fact="ticket", opens=("opened",), closes=("closed",), id="id")
POLICIES: list[dict[str, object]] = [
    {},
    {"spread": 0},
    {"suppress_while": FACTS},
    {"suppress_while": FACTS.model_copy(update={"then": "exit"})},
    {"suppress_while": FACTS.model_copy(update={"spares_transactional": True})},
    {"unengaged": Unengaged(after=2)},
    {"turns": Turns(exclusive="sales", on_lost="exit")},
    {"new_cycle": Cycle(anchor=Fact(of="data", path="end"), over=20)},
]
EXITS = [
    ExitRule(name="booked", on=Matcher(kind="event", name="booked")),
    ExitRule(name="scored", when=CONDITIONS[2]),
]
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
    *(Turn(id="", held=held) for held in (False, True)),
]
