"""One mail of one enrollment with a text of its own: checked, kept, shown, taken back."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from activities.rendering.fronts import body_of, read_front
from activities.rendering.letters import REWRITTEN
from activities.rendering.mails import Mails
from activities.rendering.rendered import Faulty, Line, TemplateFault
from inbound.events import storable
from schemas.content import Content
from schemas.outcomes import Refused
from schemas.steps import EmailStep
from schemas.values import Value, cut
from starter.operating import unknown_enrollment
from storage import enrolled, versions
from storage.locks import lock
from storage.rows import EnrollmentRow
from storage.sending import overrides, sends
from storage.sending.overrides import Override

LONGEST = 100_000
"""The most characters that such a text may have."""


class Text(Value):
    """What is to be sent instead of a mail's own body; without `subject` that stays.

    `file` is what faults call it.
    """

    subject: str | None = None
    body: str
    by: str
    at: datetime
    file: str = REWRITTEN


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
        body, subject = _body(text), _subject(text)
    except Faulty as error:
        return _wrong(error.fault.reason)
    lines = (body, subject) if subject else (body,)
    faults = Mails(content).faults_of(*lines)
    if faults:
        return _wrong("; ".join(fault.reason for fault in faults))
    return Override(
        step=mail.id,
        subject=subject.text if subject else None,
        body=body.text.strip("\n") + "\n",
        by=text.by,
        at=cut(text.at),
    )


def _body(text: Text) -> Line:
    if len(text.body) > LONGEST or storable(text.body) != text.body:
        problem = f"the text has over {LONGEST:,} characters, or one that cannot be kept"
        raise Faulty(
            TemplateFault(file=text.file, problem=problem, mend="save less, as plain text")
        )
    body = body_of(text.body)
    if not body.strip():
        raise Faulty(TemplateFault(file=text.file, problem="the text is empty"))
    return Line(file=text.file, line=1, text=body)


def _subject(text: Text) -> Line | None:
    front = read_front(text.file, text.body)
    if front.model_dump(exclude_none=True).keys() - {"subject"}:
        problem = "only `subject` can stand in its front matter"
        mend = "leave the rest to the mail that it stands for"
        raise Faulty(TemplateFault(file=text.file, line=1, problem=problem, mend=mend))
    return Line(file=_SUBJECT, line=1, text=text.subject) if text.subject else front.subject


def _wrong(message: str) -> Refused:
    return Refused(reason="template", message=message)


def _none(row: EnrollmentRow, step: str) -> Refused:
    message = f"the mail {step} of {row.workflow_id} is as its version has it"
    return Refused(reason="not_overridden", message=message)


_SUBJECT = "its subject"
_GONE = {"claimed", "accepted", "in_doubt", "not_sent"}
