"""What became of a step that is no mail, or will, and why, in a sentence."""

from collections.abc import Callable

from schemas.progress import Skip, What
from schemas.steps import (
    AnyStep,
    HandOffStep,
    NotifyStep,
    SetStep,
    TaskStep,
    UntilStep,
    WaitForStep,
    WaitStep,
    WebhookStep,
    WhenStep,
)
from workflows.deciding.steps import gone
from workflows.moments.calendar import shown_in
from workflows.telling.lines import Line, sentence
from workflows.telling.words import awaited


def done_told(step: AnyStep, line: Line) -> str:
    """Tell what a step did or will do, by which rule, and what came of it."""
    entry = line.entry
    told = line.reason if entry.what is What.SKIPPED else _TOLD[type(step)](step, line)
    rule = "" if entry.grounds else f" (rule {_rule(step, line)})"
    if entry.to is None or entry.what not in _LEADING:
        return sentence(f"{told}{rule}")
    then = f"next {line.tensed('came', 'comes')} {entry.to}"
    return sentence(f"{told}{rule}; {unless(step) if line.ahead else ''}{then}")


def unless(step: AnyStep) -> str:
    """Say before what comes then that it comes so only if nothing happens."""
    match step:
        case WaitForStep():
            return "if that does not come, "
        case TaskStep() if step.blocking:
            return "if it is not done by then, "
    return ""


def _rule(step: AnyStep, line: Line) -> int:
    if line.entry.what is not What.SKIPPED:
        return _RULES[step.kind]
    return 22 if line.entry.skip is Skip.HELD_OUT else 24


def _when(_: WhenStep, line: Line) -> str:
    asked = line.tensed("it asked", "it will ask, and as things stand")
    return f"{asked}{',' if line.ahead else ':'} {line.reason}"


def _waited(step: WaitStep, line: Line) -> str:
    return f"it {line.tensed('waited', 'will wait')} {step.wait.words}, until {line.at}"


def _until(step: UntilStep, line: Line) -> str:
    return f"it {line.tensed('waited', 'will wait')} until {line.at}: {step.text}"


def _awaited(step: WaitForStep, line: Line) -> str:
    this, within = f"for this: {awaited(step)}", step.within.words
    if line.ahead:
        return f"it will wait {within} at most, until {line.at}, {this}"
    if line.entry.why == gone(step):
        return f"it waited {within}, until {line.at}, {this}; that did not come"
    said = _CAME.get(line.entry.why, f"the event {line.entry.why}")
    return f"it waited {this}; {said} on {line.at}"


def _task(step: TaskStep, line: Line) -> str:
    opened = line.earlier(What.TASK_OPENED)
    since = line.at if opened is None else shown_in(opened.at, line.zone)
    given = f"the task {step.task} {line.tensed('was', 'will be')} given to a person on {since}"
    if line.entry.what is What.TASK_DONE:
        return f"{given}, and was done on {line.at}"
    if line.entry.what is What.TASK_TIMED_OUT:
        return f"{given}{line.tensed(', and was not done by ', ', who has until ')}{line.at}"
    return f"{given}, and nothing {line.tensed('waited', 'waits')} for it"


def _hand_off(step: HandOffStep, line: Line) -> str:
    if line.entry.what is What.HAND_OFF_REFUSED:
        return f"it did not hand the contact over to {step.to}, which refused: {line.entry.why}"
    if line.ahead:
        return f"it will hand the contact over to {step.to}, if that lets the contact in"
    return f"it handed the contact over to {step.to}"


def _effect(past: str, to_come: str) -> Callable[[AnyStep, Line], str]:
    return lambda _, line: line.tensed(past, to_come)


_CAME = {
    "reply came": "the contact replied",
    "click came": "the contact clicked",
    "open came": "the contact opened a mail",
    "colleague came": "somebody else of the contact's company did it",
}
_LEADING = (
    *(What.WAITED, What.BRANCHED, What.TASK_DONE, What.TASK_TIMED_OUT),
    What.HAND_OFF_REFUSED,
)
_RULES = {
    "wait": 2,
    "wait_until": 2,
    "wait_for": 16,
    "when": 17,
    "task": 19,
    "hand_off": 21,
    "exit": 37,
    "set": 20,
    "webhook": 20,
    "notify": 20,
}
_TOLD: dict[type, Callable[..., str]] = {
    WhenStep: _when,
    WaitStep: _waited,
    UntilStep: _until,
    WaitForStep: _awaited,
    TaskStep: _task,
    HandOffStep: _hand_off,
    SetStep: _effect(
        "it changed facts about the contact", "it will change facts about the contact"
    ),
    WebhookStep: _effect("it posted a webhook", "it will post a webhook"),
    NotifyStep: _effect("it told the owner", "it will tell the owner"),
}
