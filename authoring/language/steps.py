"""Reading `steps:`: one function a kind of step."""

from collections.abc import Callable

from authoring.language.anchors import read_at
from authoring.language.drafts import Draft
from authoring.language.effects import EFFECT_KEYS, read_notify, read_set, read_webhook
from authoring.language.mail_steps import EMAIL_KEYS, read_email
from authoring.language.outline import DEEPEST, Outline, Place
from authoring.language.step_fields import StepFields
from authoring.language.task_steps import TASK_KEYS, read_task
from authoring.language.waiting import WAITING_KEYS, read_waiting
from authoring.language.windows import DAYS, read_weekdays
from authoring.text.documents import Items, Mapping, Node
from authoring.text.faults import Findings, did_you_mean
from authoring.text.fields import Fields, keys, shown
from authoring.text.readers import each, name, span, time_of_day
from schemas.steps import ExitStep, HandOffStep, UntilStep, WaitStep, WhenStep

KEYS_BY_KIND = {
    "email": EMAIL_KEYS,
    "wait": keys("wait id"),
    "wait_until": keys("wait_until id at_time"),
    "wait_for": WAITING_KEYS,
    "when": keys("when id then else"),
    "task": TASK_KEYS,
    "hand_off": keys("hand_off id else"),
    "exit": keys("exit id"),
    **EFFECT_KEYS,
}
"""The keys of each kind of step, by the key that makes it one."""


def read_steps(node: Node, outline: Outline, place: Place) -> tuple[Draft, ...]:
    """Read a list of steps and, through them, all that lie in their branches."""
    if place.depth > DEEPEST:
        problem = f"branches lie more than {DEEPEST} deep here"
        outline.findings.add(node.at, "", problem, "hand over to another sequence instead")
        return ()
    return each(node, outline.findings, lambda item, _: _step(item, outline, place))


def _step(node: Node, outline: Outline, place: Place) -> Draft | None:
    if not isinstance(node, Mapping):
        mend = f"did you mean `{{email: {shown(node)}}}`?" if shown(node) else ""
        outline.findings.add(node.at, shown(node), "a step must be a mapping", mend)
        return None
    kinds = [key.written for key, _ in node.of if key.written in KEYS_BY_KIND]
    if len(set(kinds)) != 1:
        _not_one_kind(node, kinds, outline.findings)
        return None
    fields = Fields(node, outline.findings, KEYS_BY_KIND[kinds[0]])
    return _READ[kinds[0]](StepFields(fields, outline, place, read_steps))


def _not_one_kind(node: Mapping, kinds: list[str], findings: Findings) -> None:
    written = [key for key, _ in node.of]
    if kinds:
        named = " and ".join(f"`{kind}`" for kind in kinds)
        findings.add(node.at, kinds[1], f"one step cannot be {named}", "make two steps of it")
    elif not written:
        findings.add(node.at, "", "this step is empty", "write `{email: intro, day: 1}`, say")
    else:
        first = written[0]
        problem = f"`{first.written}` is not a kind of step"
        findings.add(first.at, first.written, problem, did_you_mean(first.written, KEYS_BY_KIND))


def _wait(step: StepFields) -> Draft | None:
    step.refuse_beside("wait")
    wait = step.fields.get("wait", span)
    if wait is None:
        return None
    return Draft(WaitStep(id=step.fresh_id("wait"), wait=wait))


def _wait_until(step: StepFields) -> Draft | None:
    step.refuse_beside("wait_until")
    node, names = step.fields.node("wait_until"), step.outline.names
    at_time = step.fields.get("at_time", time_of_day)
    if isinstance(node, Items) or (node is not None and "." not in shown(node)):
        at, days = None, step.fields.get("wait_until", read_weekdays)
    else:
        at, days = step.fields.get("wait_until", lambda n, found: read_at(n, found, names)), None
    if at is None and not days:
        return None
    text = at.text if at else " or ".join(DAYS[day] for day in days or ())
    called = step.fresh_id("wait_until")
    return Draft(UntilStep(id=called, at=at, days=days or (), at_time=at_time, text=text))


def _wait_for(step: StepFields) -> Draft | None:
    step.refuse_beside("wait_for")
    called = step.fresh_id("wait_for")
    return read_waiting(step.fields, step.outline, called, step.steps)


def _when(step: StepFields) -> Draft | None:
    fields = step.fields
    test = fields.get("when", lambda node, _: step.outline.condition(node))
    called = step.fresh_id("when")
    branches = step.branch("then"), step.branch("else")
    if "then" not in fields and "else" not in fields:
        problem = "a condition without `then` and `else` changes nothing"
        fields.findings.add(fields.at, "", problem, "add `then: […]`")
    node = fields.node("when")
    if test is None or node is None:
        return None
    return Draft(WhenStep(id=called, test=test, text=shown(node).strip()), branches)


def _hand_off(step: StepFields) -> Draft | None:
    to = step.fields.get("hand_off", name)
    otherwise = step.branch("else")
    if to is None:
        return None
    return Draft(HandOffStep(id=step.fresh_id("hand_off"), to=to), (otherwise,))


def _exit(step: StepFields) -> Draft | None:
    ending = step.fields.get("exit", name)
    return None if ending is None else Draft(ExitStep(id=step.fresh_id("exit"), ending=ending))


_READ: dict[str, Callable[[StepFields], Draft | None]] = {
    "email": read_email,
    "wait": _wait,
    "wait_until": _wait_until,
    "wait_for": _wait_for,
    "when": _when,
    "task": read_task,
    "hand_off": _hand_off,
    "exit": _exit,
    "set": read_set,
    "webhook": read_webhook,
    "notify": read_notify,
}
