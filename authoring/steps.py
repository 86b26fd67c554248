"""Reading `steps:`: one function a kind of step."""

from collections.abc import Callable

from authoring.documents import Mapping, Node
from authoring.drafts import Draft
from authoring.faults import Findings, did_you_mean
from authoring.fields import Fields, keys, shown
from authoring.mails import read_subject
from authoring.outline import DEEPEST, Outline, Place
from authoring.readers import choice, duration, each, name, time_of_day, truth, whole
from authoring.waiting import WAITING_KEYS, read_waiting
from schemas.matchers import StepId
from schemas.steps import EmailStep, ExitStep, HandOffStep, TaskStep, WaitStep, WhenStep

KEYS_BY_KIND = {
    "email": keys(
        "email id day at_time kind thread subject",
        "variants winner at valid_for if_past if_missing roll from new_cycle window spread",
    ),
    "wait": keys("wait id"),
    "wait_for": WAITING_KEYS,
    "when": keys("when id then else"),
    "task": keys("task id within blocking else"),
    "hand_off": keys("hand_off id else"),
    "exit": keys("exit id"),
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
    if len(kinds) != 1:
        _not_one_kind(node, kinds, outline.findings)
        return None
    fields = Fields(node, outline.findings, KEYS_BY_KIND[kinds[0]])
    return _READ[kinds[0]](fields, outline, place)


def _not_one_kind(node: Mapping, kinds: list[str], findings: Findings) -> None:
    written = [key for key, _ in node.of]
    if kinds:
        named = " and ".join(f"`{kind}`" for kind in kinds)
        findings.add(node.at, kinds[1], f"one step cannot be {named}", "make two steps of it")
    elif not written:
        findings.add(node.at, "", "this step is empty", "write `{email: intro, day: 1}`, say")
    elif any(key.written in _LATER_KINDS for key in written):
        late = next(key for key in written if key.written in _LATER_KINDS)
        problem = f"`{late.written}` is not known to this version of the language yet"
        findings.add(late.at, late.written, problem)
    else:
        first = written[0]
        problem = f"`{first.written}` is not a kind of step"
        findings.add(first.at, first.written, problem, did_you_mean(first.written, KEYS_BY_KIND))


def _email(fields: Fields, outline: Outline, place: Place) -> Draft | None:
    email = fields.get("email", lambda node, _: _mail(node, outline))
    kind = fields.get("kind", choice("marketing", "transactional"))
    day, at_time = fields.get("day", whole(1, _LAST_DAY)), fields.get("at_time", time_of_day)
    if "at_time" in fields and "day" not in fields:
        problem = "`at_time` says the time of a `day`, and there is none here"
        fields.findings.add(fields.key_at("at_time"), "at_time", problem, "add `day: …`")
    if place.beside:
        _refuse_in_on(fields, ("day", "at_time"))
    if email is None:
        return None
    step = _id(fields, outline, email)
    return Draft(
        EmailStep(
            id=step,
            email=email,
            day=day,
            at_time=at_time,
            transactional=outline.transactional if kind is None else kind == "transactional",
            thread=_thread(fields, outline, step),
            subject=fields.get("subject", read_subject),
        )
    )


def _mail(node: Node, outline: Outline) -> str | None:
    email = name(node, outline.findings)
    if email is None or email in outline.mails:
        return email
    near = did_you_mean(email, outline.mails)
    problem = f"there is no mail `{email}.md` or `{email}.html` in the folder"
    mend = near if near.startswith("did") else f"write `{email}.md`"
    outline.findings.add(node.at, email, problem, mend)
    return email


def _thread(fields: Fields, outline: Outline, step: StepId) -> StepId | None:
    node = fields.node("thread")
    target = None if node is None else outline.mail_step(node)
    if node is None or target is None:
        return None
    order = outline.mail_steps
    if step not in order or order.index(target) < order.index(step):
        return target
    problem = f"`{target}` does not come before `{step}`, so there is nothing to answer yet"
    earlier = order[: order.index(step)]
    outline.findings.add(node.at, target, problem, did_you_mean(target, earlier))
    return None


def _wait(fields: Fields, outline: Outline, place: Place) -> Draft | None:
    if place.beside:
        _refuse_in_on(fields, ("wait",))
    wait = fields.get("wait", duration)
    if wait is None:
        return None
    return Draft(WaitStep(id=_id(fields, outline, outline.fresh_id("wait")), wait=wait))


def _wait_for(fields: Fields, outline: Outline, place: Place) -> Draft | None:
    if place.beside:
        _refuse_in_on(fields, ("wait_for",))
    step = _id(fields, outline, outline.fresh_id("wait_for"))
    return read_waiting(
        fields, outline, step, lambda node: read_steps(node, outline, place.deeper())
    )


def _when(fields: Fields, outline: Outline, place: Place) -> Draft | None:
    test = fields.get("when", lambda node, _: outline.condition(node))
    step = _id(fields, outline, outline.fresh_id("when"))
    branches = _branch(fields, "then", outline, place), _branch(fields, "else", outline, place)
    if "then" not in fields and "else" not in fields:
        problem = "a condition without `then` and `else` changes nothing"
        fields.findings.add(fields.at, "", problem, "add `then: […]`")
    node = fields.node("when")
    if test is None or node is None:
        return None
    return Draft(WhenStep(id=step, test=test, text=shown(node).strip()), branches)


def _task(fields: Fields, outline: Outline, place: Place) -> Draft | None:
    task = fields.get("task", name)
    said, within = fields.get("blocking", truth), fields.get("within", duration)
    _judge_task(fields, said=said, beside=place.beside)
    otherwise = _branch(fields, "else", outline, place)
    if task is None:
        return None
    step = TaskStep(
        id=_id(fields, outline, task),
        task=task,
        within=within,
        blocking=_blocks(said=said, beside=place.beside),
    )
    return Draft(step, (otherwise,))


def _judge_task(fields: Fields, *, said: bool | None, beside: bool) -> None:
    add, at = fields.findings.add, fields.key_at
    if said is None and "blocking" in fields:
        return
    blocking = _blocks(said=said, beside=beside)
    if beside and blocking:
        problem = "a task in `on:` runs beside the steps and cannot block"
        add(at("blocking"), "blocking", problem, "remove `blocking: true`")
    elif blocking and "within" not in fields:
        problem = "a task that blocks must say for how long"
        add(fields.at, "task", problem, "add `within: 2 days`, or `blocking: false`")
    elif not blocking and "else" in fields:
        problem = "a task that does not block has no `else`: the sequence has gone on already"
        add(at("else"), "else", problem, "remove it, or let the task block")


def _blocks(*, said: bool | None, beside: bool) -> bool:
    return not beside if said is None else said


def _hand_off(fields: Fields, outline: Outline, place: Place) -> Draft | None:
    to = fields.get("hand_off", name)
    otherwise = _branch(fields, "else", outline, place)
    if to is None:
        return None
    return Draft(
        HandOffStep(id=_id(fields, outline, outline.fresh_id("hand_off")), to=to), (otherwise,)
    )


def _exit(fields: Fields, outline: Outline, _place: Place) -> Draft | None:
    ending = fields.get("exit", name)
    if ending is None:
        return None
    return Draft(ExitStep(id=_id(fields, outline, outline.fresh_id("exit")), ending=ending))


def _branch(fields: Fields, key: str, outline: Outline, place: Place) -> tuple[Draft, ...]:
    node = fields.node(key)
    return () if node is None else read_steps(node, outline, place.deeper())


def _id(fields: Fields, outline: Outline, otherwise: StepId) -> StepId:
    step = fields.get("id", name) or otherwise
    outline.claim_id(step, fields.key_at("id"), fields.spots())
    return step


def _refuse_in_on(fields: Fields, refused: tuple[str, ...]) -> None:
    for key in refused:
        if key in fields:
            problem = f"`{key}` cannot stand in `on:`, which acts at once"
            fields.findings.add(fields.key_at(key), key, problem, "move it to `steps:`")


_LAST_DAY = 3_660
_LATER_KINDS = ("set", "webhook", "notify")
_READ: dict[str, Callable[[Fields, Outline, Place], Draft | None]] = {
    "email": _email,
    "wait": _wait,
    "wait_for": _wait_for,
    "when": _when,
    "task": _task,
    "hand_off": _hand_off,
    "exit": _exit,
}
