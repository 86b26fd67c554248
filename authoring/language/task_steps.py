"""Reading a step that gives a person something to do (rule 19)."""

from authoring.language.drafts import Draft
from authoring.language.step_fields import StepFields
from authoring.text.fields import keys
from authoring.text.readers import name, span, truth
from schemas.steps import TaskStep

TASK_KEYS = keys("task id within blocking else")


def read_task(step: StepFields) -> Draft | None:
    """Read a task, and the path on which nobody has done it in time."""
    fields = step.fields
    task = fields.get("task", name)
    said, within = fields.get("blocking", truth), fields.get("within", span)
    _judge(step, said=said)
    otherwise = step.branch("else")
    if task is None:
        return None
    blocking = _blocks(step, said=said)
    made = TaskStep(id=step.id(task), task=task, within=within, blocking=blocking)
    return Draft(made, (otherwise,))


def _judge(step: StepFields, *, said: bool | None) -> None:
    fields, blocking = step.fields, _blocks(step, said=said)
    if said is None and "blocking" in fields:
        return
    if step.place.beside and blocking:
        problem = "a task in `on:` runs beside the steps and cannot block"
        step.fault("blocking", problem, "remove `blocking: true`")
    elif blocking and "within" not in fields:
        problem = "a task that blocks must say for how long"
        fields.findings.add(
            fields.at, "task", problem, "add `within: 2 days`, or `blocking: false`"
        )
    elif not blocking and "else" in fields:
        problem = "a task that does not block has no `else`: the sequence has gone on already"
        step.fault("else", problem, "remove it, or let the task block")


def _blocks(step: StepFields, *, said: bool | None) -> bool:
    return not step.place.beside if said is None else said
