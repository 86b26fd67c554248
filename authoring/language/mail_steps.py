"""Reading a step that sends a mail."""

from authoring.language.arms import read_arms
from authoring.language.drafts import Draft
from authoring.language.matchers import ANY
from authoring.language.outline import Outline
from authoring.language.senders import sender_of
from authoring.language.step_fields import StepFields
from authoring.language.timing import TIMING_KEYS, read_timing, read_windowed
from authoring.mails import read_subject
from authoring.text.documents import Node
from authoring.text.faults import did_you_mean
from authoring.text.fields import keys
from authoring.text.readers import choice, name
from schemas.content import Sender
from schemas.matchers import StepId
from schemas.steps import EmailStep

_ABOVE = "stands at the top of the file, for all of its mails"
EMAIL_KEYS = keys(
    f"email id {TIMING_KEYS} kind from thread subject variants winner",
    elsewhere=dict.fromkeys(
        ("spread", "min_gap", "new_cycle", "layout"),
        "stands at the top of the file, for all of its mails",
    ),
)


def read_email(step: StepFields) -> Draft | None:
    """Read a step that sends a mail: which, when, to whom it answers, in which forms."""
    fields, outline = step.fields, step.outline
    email = fields.get("email", lambda node, _: _mail(node, outline))
    kind = fields.get("kind", choice("marketing", "transactional"))
    transactional = outline.defaults.transactional if kind is None else kind == "transactional"
    timing = read_timing(step)
    windowed = read_windowed(step, transactional=transactional)
    if email is None:
        return None
    called = step.id(email)
    if called == ANY:
        step.fault("id", "`any` means any mail, so no step can be called so", "rename it")
    _read_sender(step, called)
    return Draft(
        EmailStep.model_validate(
            {
                "id": called,
                "email": email,
                "transactional": transactional,
                "windowed": windowed,
                "thread": _thread(step, called),
                "subject": fields.get("subject", read_subject),
                **timing,
                **read_arms(fields, outline, email),
            }
        )
    )


def _read_sender(step: StepFields, called: StepId) -> None:
    sender: Sender | None = step.fields.get("from", sender_of(step.outline.mailboxes))
    if sender is not None:
        step.outline.senders[called] = sender


def _mail(node: Node, outline: Outline) -> str | None:
    email = name(node, outline.findings)
    if email is None or email in outline.mails:
        return email
    near = did_you_mean(email, outline.mails)
    problem = f"there is no mail `{email}.md` or `{email}.html` in the folder"
    mend = near if near.startswith("did") else f"write `{email}.md`"
    outline.findings.add(node.at, email, problem, mend)
    return email


def _thread(step: StepFields, called: StepId) -> StepId | None:
    outline, node = step.outline, step.fields.node("thread")
    target = None if node is None else outline.mail_step(node)
    if node is None or target is None:
        return None
    order = outline.mail_steps
    if called not in order or order.index(target) < order.index(called):
        return target
    problem = f"`{target}` does not come before `{called}`, so there is nothing to answer yet"
    earlier = order[: order.index(called)]
    outline.findings.add(node.at, target, problem, did_you_mean(target, earlier))
    return None
