"""Explanations in print: paragraphs under headings, for people who know nothing of the code."""

from collections.abc import Iterable

from postroad.printing import say
from schemas.explained import Ahead, Told
from schemas.progress import What
from starter.explaining.absences import Absence, Barrier
from starter.explaining.explanations import Explanation


def show_explanation(told: Explanation) -> None:
    """Print why everything in an enrollment was as it was, what comes, and what would end it."""
    say(f"{told.workflow_id}: {told.over or told.state}, all times {told.zone}")
    say(f"contact {told.contact}, version {told.version[:12]}, enrolled {told.asked_for}")
    _under("What it waits for", told.waits)
    say("\nEach step, and why")
    for step in told.steps:
        say(f"\n  {_heading(step, told.zone)}\n    {step.why}")
    _under("What comes if nothing else happens", _coming(told))
    _under("What nobody knows yet", told.depends)
    _under("What waits for it", told.waited_for_by)
    _under("What would end it", (f"{one.ending}: {one.when}" for one in told.ends))


def show_absence(told: Absence) -> None:
    """Print why somebody is not in a sequence, and what would let them in."""
    per = f" for {told.key}" if told.key else ""
    say(f"{told.contact} is not in {told.sequence}{per}, all times {told.zone}")
    _under("What is under way", told.waits)
    _under("What was said before", _said_before(told))
    _under("What would refuse it now", map(_barrier, told.barriers))
    _under("What to know", told.notes)
    _under("What would enroll it by itself", told.by_itself)
    if told.command is not None:
        asked = "nobody has asked" if not told.before and not told.refused else "nobody asked anew"
        say(f"\nNothing stands in the way, and {asked}.")
        say(f"To enroll it: {told.command}")


def _under(heading: str, lines: Iterable[str]) -> None:
    shown = [f"  {line}" for line in lines]
    if shown:
        say("\n".join((f"\n{heading}", *shown)))


def _heading(step: Told, zone: str) -> str:
    again = f" ({step.occurrence})" if step.occurrence > 1 else ""
    when = f", {step.local.removesuffix(f' {zone}')}" if step.local else ""
    return f"{step.step}{again}: {_FATES.get(step.fate, step.fate)}{when}"


def _coming(told: Explanation) -> Iterable[str]:
    zone = f" {told.zone}"
    return (_line(one, zone) for one in told.ahead if one.what in _COMING)


def _line(one: Ahead, zone: str) -> str:
    return f"{one.local.removesuffix(zone)}  {_COMING[one.what]} {one.step or one.why}"


def _said_before(told: Absence) -> Iterable[str]:
    for one in told.before:
        why = f": {one.why}" if one.why else ""
        over = f"ended as {one.ending} on {one.ended}{why}"
        yield f"{one.enrolled}: enrolled ({one.workflow_id}); {over}"
    for refused in told.refused:
        yield f"{refused.at}: refused ({refused.reason}), asked for by {refused.source}: " + (
            refused.message
        )


def _barrier(one: Barrier) -> str:
    values = f"; of this contact, {one.values}" if one.values else ""
    return f"{one.reason}: {one.message}{values}"


_COMING = {
    What.SENT: "sends",
    What.SKIPPED: "skips",
    What.SETTLED: "counts as not sent:",
    What.TASK_OPENED: "asks a person to do",
    What.HANDED_OFF: "hands over at",
    What.EFFECT: "does",
    What.ENDED: "ends as",
}
_FATES = {
    "in_doubt": "in doubt",
    "not_sent": "not sent",
    "to_come": "to come",
    "to_skip": "to be skipped",
    "passed_over": "passed over",
    "not_reached": "not reached",
    "not_called": "not called for",
}
