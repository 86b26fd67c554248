"""What brought an ending about, read off the events of its moment."""

from collections.abc import Callable

from schemas.events import (
    AppEvent,
    Blocked,
    Bounce,
    Click,
    Colleague,
    Complaint,
    ContactChanged,
    Control,
    Conversion,
    DataChanged,
    Event,
    Open,
    Reply,
    Turn,
    Unsubscribe,
)
from schemas.progress import Ending, Progress
from schemas.values import Facts
from workflows.deciding.saying import shown_value


def cause_of(progress: Progress, ending: Ending) -> str:
    """Say what happened that ended an enrollment; empty if no event of its moment did."""
    told = [
        (_rank(event, ending.name), _SAID[type(event)](event))
        for event in progress.events
        if event.at == ending.at and type(event) in _SAID and _fits(event, ending.name)
    ]
    return min(told)[1] if told else BY_NAME.get(ending.name, "")


def _rank(event: Event, ending: str) -> int:
    name = getattr(event, "name", None) or _ENDING_BY_EVENT.get(type(event))
    if name == ending:
        return 0
    return 1 if isinstance(event, ContactChanged | DataChanged) else 2


def _fits(event: Event, ending: str) -> bool:
    if isinstance(event, Control):
        return event.action == "exit"
    if isinstance(event, Turn):
        return not event.held and ending == _ENDING_BY_EVENT[Turn]
    return ending not in _WITHOUT_EVENT


def _app_event(event: AppEvent | Conversion) -> str:
    return f"the event {event.name} came"


def _of_mail(event: Click | Open) -> str:
    return f"the contact {'clicked in' if isinstance(event, Click) else 'opened'} {event.step}"


def _reply(event: Reply) -> str:
    return "the contact replied" + (f" to {event.step}" if event.step else "")


def _changed(whose: str, facts: Facts) -> str:
    known = ", ".join(f"{name} is {shown_value(value)}" for name, value in facts.items())
    return f"{whose} changed: {known or 'its time zone is another one'}"


def _command(event: Control) -> str:
    return f"{event.who} ended it" + (f": {event.why}" if event.why else "")


def _colleague(event: Colleague) -> str:
    did = "replied" if event.name is None else f"brought the event {event.name}"
    return f"somebody else of the contact's company {did}"


def _blocked(event: Blocked) -> str:
    return "the address is blocked" if event.reason == "blocked" else "the contact left the company"


_WITHOUT_EVENT = ("completed", "left_audience", "unengaged", "holdout")
BY_NAME = {
    "completed": "every step is done",
    "handed_off": "another sequence took over",
    "holdout": "the contact is held out, and all is done that it is not held out from",
    "replaced": "a new request took its place",
    "merged": "the contact was found to be another one, who is in the sequence already",
    "lost_slot": "another sequence of the group took the contact over",
    # PostgreSQL may say so of what ended before the workflow has heard of the event.
    "replied": "the contact replied",
    "bounced": "the address did not take a mail",
    "complained": "the contact reported a mail as spam",
    "unsubscribed": "the contact unsubscribed",
    "left_company": "the contact left the company",
    "stopped": "somebody ended it",
}
"""What is said of an ending by its name alone, where no event of it is known."""
_ENDING_BY_EVENT: dict[type, str] = {
    Reply: "replied",
    Bounce: "bounced",
    Complaint: "complained",
    Unsubscribe: "unsubscribed",
    Control: "stopped",
    Turn: "lost_slot",
}
_SAID: dict[type, Callable[..., str]] = {
    AppEvent: _app_event,
    Conversion: _app_event,
    Click: _of_mail,
    Open: _of_mail,
    Reply: _reply,
    Colleague: _colleague,
    Bounce: lambda _: "the address did not take a mail",
    Complaint: lambda _: "the contact reported a mail as spam",
    Turn: lambda event: event.why,
    Unsubscribe: lambda _: "the contact unsubscribed",
    Blocked: _blocked,
    Control: _command,
    ContactChanged: lambda event: _changed("the contact", event.facts),
    DataChanged: lambda event: _changed("what the enrollment was given", event.facts),
}
