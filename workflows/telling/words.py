"""The words in which events and rules are told."""

from datetime import datetime

from schemas.calendar import ZoneTable
from schemas.matchers import Matcher
from schemas.progress import Ground
from schemas.steps import WaitForStep
from workflows.deciding.saying import written
from workflows.deciding.suppressors import NOT_WHILE
from workflows.moments.calendar import shown_in
from workflows.moments.intervals import Interval
from workflows.moments.slots import NO_RULE


def happens(on: Matcher) -> str:
    """Say of an event that it happens: `the contact replies`."""
    told = _happens(on)
    if on.where is not None:
        told = f"{told}, where {written(on.where)}"
    if on.at_least > 1:
        told = f"{told}, {on.at_least} times"
    return f"{told} within {on.within.words}" if on.within is not None else told


def awaited(step: WaitForStep) -> str:
    """Say what a step waits for."""
    return ", or ".join(happens(path.on) for path in step.paths)


def _happens(on: Matcher) -> str:
    who = "the contact" if on.by == "contact" else "somebody else of the contact's company"
    if on.kind == "event":
        return f"the event {on.name} of {who} comes"
    if on.kind == "reply":
        return f"{who} replies"
    verb = "clicks" if on.kind == "click" else "opens"
    what = f"a link like {on.url}" if on.url else ("a link" if on.kind == "click" else "a mail")
    if on.step is None:
        return f"{who} {verb} {what}"
    return f"{who} {verb} {what} in {on.step}" if on.kind == "click" else f"{who} opens {on.step}"


def kept_while(stop: Interval) -> str:
    """Say what is so as long as a stop lasts: `the enrollment is paused`."""
    fact = stop.why.removeprefix(NOT_WHILE)
    return {
        "pause": "the enrollment is paused",
        "hold": f"the enrollment is {stop.why}",
        "away": "the contact is away (rule 27)",
        "turn": f"another sequence has the contact: {stop.why} (rule 28)",
        "suppressed": f"{fact} lasts (rule 30)",
    }[stop.kind]


def chained(grounds: tuple[Ground, ...], zone: ZoneTable) -> str:
    """Tell, one rule after another, how a mail's moment came about."""
    first, *rest = grounds
    due = "" if first.at is None else f" on {shown_in(first.at, zone)}"
    return "; ".join([f"due{due} ({first.words}, rule {first.rule})", *clauses(rest, zone)])


def clauses(grounds: list[Ground], zone: ZoneTable) -> list[str]:
    """Tell what each rule had to do with it."""
    return [_clause(ground, zone) for ground in grounds]


def _clause(ground: Ground, zone: ZoneTable) -> str:
    template = _TEMPLATES.get(ground.rule, "{words}: {at}")
    at = _when(ground.at, zone)
    told = ground.words if at is None else template.format(words=ground.words, at=at)
    return f"{told} ({'a brake' if ground.rule == NO_RULE else f'rule {ground.rule}'})"


def _when(at: datetime | None, zone: ZoneTable) -> str | None:
    return None if at is None else shown_in(at, zone)


_TEMPLATES = {
    3: "that is {words}: {at}",
    4: "{words}, so not before {at}",
    24: "{words} on {at}",
}
