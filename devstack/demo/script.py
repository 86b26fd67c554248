"""Who does what in the demo of outbound-vp-ops, written down: the same every time.

A moment is after the mail that sets it off: at most three hours, or so many days and three hours.
So a recipient acts before the next slice's mails, whatever the day and hour of the start.
"""

from collections.abc import Iterator
from datetime import timedelta

from devstack.demo.deeds import Beside, Deed
from devstack.emulator.actions import ActionKind

_CASE_STUDY = "case-study"
_HOUR, _DAY, _MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)

_READERS = (
    *("ada.hart", "bruno.okafor", "carla.silva", "diego.meyer", "esther.cohen", "farid.aziz"),
    *("grace.lin", "henrik.dahl", "imani.njeri", "jonas.weber", "keiko.sato", "liam.murphy"),
    *("maya.patel", "oscar.brandt", "priya.rao", "quinn.adams", "samir.khan", "uma.shah"),
    *("victor.petrov", "wanda.novak", "eli.stone", "kofi.mensah", "lena.fischer", "nadia.saleh"),
    *("paula.costa", "rafael.lima", "tom.baker", "will.scott", "zara.ahmed", "zoe.oneil"),
)
_PRIVACY_PROXIES = ("jl.darcy", "june.reed", "karl.lang", "hope.young", "gil.gold", "flora.greene")
_MAILS = (
    *("intro", _CASE_STUDY, "video", "break-up"),
    *("walk-through", "first-handover", "two-times"),
)

_CLICKS = (
    ("bruno.okafor", _CASE_STUDY, 2 * _HOUR),
    ("carla.silva", _CASE_STUDY, 1 * _HOUR),
    ("diego.meyer", _CASE_STUDY, 1 * _DAY + 2 * _HOUR),
    ("esther.cohen", _CASE_STUDY, 5 * _DAY + 2 * _HOUR),
    ("farid.aziz", _CASE_STUDY, 5 * _DAY + 1 * _HOUR),
    ("grace.lin", _CASE_STUDY, 30 * _MINUTE),
    ("henrik.dahl", _CASE_STUDY, 2 * _DAY + 1 * _HOUR),
    ("imani.njeri", _CASE_STUDY, 5 * _DAY + 2 * _HOUR),
    ("jonas.weber", _CASE_STUDY, 1 * _HOUR),
    ("jonas.weber", _CASE_STUDY, 1 * _DAY + 2 * _HOUR),
    ("keiko.sato", "break-up", 1 * _DAY + 1 * _HOUR),
)
_REPLIES = (
    ("liam.murphy", "intro", 40 * _MINUTE, "Finance to operations. Call me on Thursday?"),
    ("maya.patel", "intro", 2 * _HOUR, "No budget before spring, please come back then."),
    ("noor.haddad", "intro", 1 * _HOUR, "Not me: ask our head of logistics."),
    ("priya.rao", _CASE_STUDY, 1 * _HOUR, "This is us, word for word. Who wrote it?"),
    ("quinn.adams", "video", 2 * _HOUR, "Two steps of ours: order entry, credit check."),
    ("samir.khan", "break-up", 1 * _HOUR, "Leave it here, thank you."),
    ("tessa.vogel", "break-up", 150 * _MINUTE, "The timing is wrong. In June, please."),
    ("ben.ross", _CASE_STUDY, 2 * _HOUR, "Back at my desk. Send me the two pages as a PDF?"),
    ("carla.silva", "walk-through", 2 * _HOUR, "Tuesday at ten is good."),
)
_MEETINGS = (
    ("uma.shah", "intro", 2 * _HOUR),
    ("victor.petrov", _CASE_STUDY, 2 * _HOUR),
    ("wanda.novak", "video", 1 * _HOUR),
    ("xavier.dubois", "break-up", 2 * _HOUR),
    ("diego.meyer", "first-handover", 1 * _HOUR),
    ("henrik.dahl", "walk-through", 2 * _HOUR),
)
_ABSENCES = (
    ("yara.nassar", "intro", 4),
    ("zoe.klein", _CASE_STUDY, None),
    ("amara.bello", "video", 6),
    ("ben.ross", "intro", 2),
)
_OPT_OUTS = (
    ("chloe.martin", "intro", 1 * _HOUR, ActionKind.ONE_CLICK_UNSUBSCRIBE),
    ("dana.reyes", "video", 20 * _MINUTE, ActionKind.ONE_CLICK_UNSUBSCRIBE),
    ("grace.lin", "walk-through", 1 * _HOUR, ActionKind.ONE_CLICK_UNSUBSCRIBE),
    ("eli.stone", _CASE_STUDY, 2 * _HOUR, Beside.UNSUBSCRIBE_PAGE),
    ("fiona.walsh", "break-up", 1 * _HOUR, Beside.UNSUBSCRIBE_PAGE),
    ("gabe.ortiz", "video", 5 * _MINUTE, ActionKind.SPAM_REPORT),
)
_MAIL_SERVERS = (
    ("hana.kim", "intro", 1 * _HOUR, ActionKind.LATE_BOUNCE),
    ("igor.popov", "intro", 3 * _MINUTE, ActionKind.MAILBOX_FULL),
    ("jade.wong", "intro", 5 * _MINUTE, ActionKind.LATE_REPORT),
)
_TASKS = (
    ("marco.rossi", "intro", 2 * _HOUR, "connect-on-linkedin"),
    ("omar.farouk", "intro", 2 * _HOUR, "connect-on-linkedin"),
    ("nadia.saleh", "video", 1 * _HOUR, "call"),
    ("paula.costa", "video", 1 * _DAY + 1 * _HOUR, "call"),
    ("rafael.lima", "video", 1 * _DAY + 2 * _HOUR, "call"),
    ("nadia.saleh", "break-up", 1 * _DAY + 1 * _HOUR, "nurture-or-drop"),
    ("paula.costa", "break-up", 2 * _DAY + 1 * _HOUR, "nurture-or-drop"),
    ("rafael.lima", "break-up", 3 * _DAY + 1 * _HOUR, "nurture-or-drop"),
    ("sofia.marin", "break-up", 1 * _DAY + 2 * _HOUR, "nurture-or-drop"),
    ("tom.baker", "break-up", 1 * _HOUR, "nurture-or-drop"),
    ("una.byrne", "break-up", 2 * _DAY + 2 * _HOUR, "nurture-or-drop"),
    ("lena.fischer", "break-up", 1 * _DAY + 1 * _HOUR, "nurture-or-drop"),
    ("bruno.okafor", "walk-through", 2 * _HOUR, "ae-call"),
)
_OPERATORS = (
    ("lena.fischer", _CASE_STUDY, 1 * _HOUR, Beside.PAUSE, "legal asked for a pause"),
    ("lena.fischer", _CASE_STUDY, 2 * _DAY + 1 * _HOUR, Beside.RESUME, "legal is content"),
    ("kofi.mensah", _CASE_STUDY, 1 * _DAY + 1 * _HOUR, Beside.EXIT, "is a partner's customer"),
)
_ODD_REPLIES = (
    # A colleague answers; a mail program that writes ISO 8859-1; an answer to a mail of weeks ago.
    Deed(
        who="rosa.gomez",
        mail="video",
        after=30 * _MINUTE,
        does=ActionKind.REPLY,
        words="Rosa is on leave for good; I do her job now. Show me.",
        by="pat.lee",
    ),
    Deed(
        who="oscar.brandt",
        mail=_CASE_STUDY,
        after=2 * _HOUR,
        does=ActionKind.REPLY,
        words="Schöne Grüße, wir melden uns.",
        charset="iso-8859-1",
    ),
    Deed(
        who="farid.aziz",
        mail="walk-through",
        after=2 * _HOUR,
        does=ActionKind.REPLY,
        words="Answering your first mail at last: it is returns.",
        to="intro",
    ),
)


def deeds() -> Iterator[Deed]:
    """Give all that happens."""
    yield from _opens()
    yield from _of_recipients()
    yield from _ODD_REPLIES
    for who, mail, after, does in (*_OPT_OUTS, *_MAIL_SERVERS):
        yield Deed(who=who, mail=mail, after=after, does=does)
    for who, mail, after, task in _TASKS:
        yield Deed(who=who, mail=mail, after=after, does=Beside.TASK, words=task)
    for who, mail, after, order, why in _OPERATORS:
        yield Deed(who=who, mail=mail, after=after, does=order, words=why)


def _of_recipients() -> Iterator[Deed]:
    for who, mail, after in _CLICKS:
        click = ActionKind.CLICK
        yield Deed(who=who, mail=mail, after=after, does=click, to=_CASE_STUDY)
    for who, mail, after, words in _REPLIES:
        yield Deed(who=who, mail=mail, after=after, does=ActionKind.REPLY, words=words)
    for who, mail, days in _ABSENCES:
        away = ActionKind.OUT_OF_OFFICE
        yield Deed(who=who, mail=mail, after=2 * _MINUTE, does=away, days_away=days)
    for who, mail, after in _MEETINGS:
        yield Deed(who=who, mail=mail, after=after, does=Beside.MEETING)


def _opens() -> Iterator[Deed]:
    for mail in _MAILS:
        for who in _READERS:
            yield Deed(who=who, mail=mail, after=25 * _MINUTE, does=ActionKind.OPEN)
        for who in _PRIVACY_PROXIES:
            yield Deed(who=who, mail=mail, after=1 * _MINUTE, does=ActionKind.MACHINE_OPEN)
