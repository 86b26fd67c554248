"""One mail of one enrollment with a text of its own: checked, kept, shown, taken back."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from activities.rendering.fronts import body_of, read_front
from activities.rendering.letters import REWRITTEN
from activities.rendering.mails import Mails
from activities.rendering.rendered import Faulty, Rewritten, TemplateFault
from inbound.events import storable
from schemas.content import Content
from schemas.outcomes import Refused
from schemas.steps import EmailStep
from schemas.values import Value, cut
from starter.operating import unknown_enrollment
from storage import enrolled, overrides, sends, versions
from storage.locks import lock
from storage.overrides import Override
from storage.rows import EnrollmentRow

LONGEST = 100_000
"""The most characters that such a text may have."""


class Text(Value):
    """What is to be sent instead of a mail's own body; without `subject` that stays."""

    subject: str | None = None
    body: str
    by: str
    at: datetime


def override(engine: Engine, ref: str, step: str, text: Text) -> Override | Refused:
    """Keep a text for one mail of the enrollment `ref`, if it is a template and has not gone.

    Kept before the mail is claimed, it is what goes; a claim is wholly before, or sees it.
    """
    with engine.begin() as connection:
        found = _open(connection, ref, step)
        if isinstance(found, Refused):
            return found
        row, mail, content = found
        kept = _checked(content, mail, text)
        if isinstance(kept, Override):
            overrides.put(connection, row.id, kept)
        return kept


def overridden(engine: Engine, ref: str, step: str) -> Override | Refused:
    """Give the text that is kept for one mail of the enrollment `ref`."""
    with engine.connect() as connection:
        row = enrolled.find(connection, ref)
        kept = overrides.of_step(connection, row.id, step) if row else None
    if row is None:
        return unknown_enrollment(ref)
    return kept or _none(row, step)


def take_back(engine: Engine, ref: str, step: str) -> Override | Refused:
    """Let the mail go as its version has it, and give the text that was kept till now."""
    with engine.begin() as connection:
        found = _open(connection, ref, step)
        if isinstance(found, Refused):
            return found
        row = found[0]
        kept = overrides.of_step(connection, row.id, step)
        overrides.remove(connection, row.id, step)
    return kept or _none(row, step)


def _open(
    connection: Connection, ref: str, step: str
) -> tuple[EnrollmentRow, EmailStep, Content] | Refused:
    found = enrolled.find(connection, ref)
    if found is None:
        return unknown_enrollment(ref)
    lock(connection, found.id)
    row = enrolled.get(connection, found.id)
    version = versions.get(connection, row.version)
    if version is None:
        raise LookupError(f"There is no version {row.version}.")
    mail = version.sequence.step_by_id.get(step)
    if not isinstance(mail, EmailStep):
        known = ", ".join(email.id for email in version.sequence.emails) or "none"
        message = f"{row.sequence} has no mail {step}: its mails are {known}"
        return Refused(reason="unknown_step", message=message)
    return _too_late(connection, row, step) or (row, mail, version.content)


def _too_late(connection: Connection, row: EnrollmentRow, step: str) -> Refused | None:
    if row.ended_at is not None:
        message = f"{row.workflow_id} has ended already ({row.ending}): nothing is left to change"
        return Refused(reason="ended", message=message)
    states = {one.state for one in sends.of_enrollment(connection, row.id) if one.step == step}
    if states & _GONE:
        message = f"the mail {step} of {row.workflow_id} has gone: nothing is left to change"
        return Refused(reason="gone", message=message)
    return None


def _checked(content: Content, mail: EmailStep, text: Text) -> Override | Refused:
    try:
        rewritten = _rewritten(text)
    except Faulty as error:
        return _wrong(error.fault.reason)
    email = next((arm.email for arm in mail.arms), mail.email)
    faults = Mails(content).faults_of(email, rewritten)
    if faults:
        return _wrong("; ".join(fault.reason for fault in faults))
    return Override(
        step=mail.id, subject=rewritten.subject, body=rewritten.body, by=text.by, at=cut(text.at)
    )


def _rewritten(text: Text) -> Rewritten:
    if len(text.body) > LONGEST or storable(text.body) != text.body:
        problem = f"the text has over {LONGEST:,} characters, or one that cannot be kept"
        raise Faulty(
            TemplateFault(file=REWRITTEN, problem=problem, mend="save less, as plain text")
        )
    front = read_front(REWRITTEN, text.body)
    said = front.model_dump(exclude_none=True)
    if said.keys() - {"subject"}:
        problem = "only `subject` can stand in its front matter"
        mend = "leave the rest to the mail that it stands for"
        raise Faulty(TemplateFault(file=REWRITTEN, line=1, problem=problem, mend=mend))
    subject = text.subject or (front.subject.text if front.subject else None)
    body = body_of(text.body).strip("\n")
    if not body.strip():
        raise Faulty(TemplateFault(file=REWRITTEN, problem="the text is empty"))
    return Rewritten(subject=subject, body=f"{body}\n")


def _wrong(message: str) -> Refused:
    return Refused(reason="template", message=message)


def _none(row: EnrollmentRow, step: str) -> Refused:
    message = f"the mail {step} of {row.workflow_id} is as its version has it"
    return Refused(reason="not_overridden", message=message)


_GONE = {"claimed", "accepted", "in_doubt", "not_sent"}
