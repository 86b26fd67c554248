"""Mails before they go: rendered as they would be, or delivered once as a test."""

from pydantic import Field, JsonValue
from sqlalchemy import Connection, Engine

from activities.letters.addresses import Addresses
from activities.letters.messages import file_names
from activities.mailing.sendgrid import Accepted, Answer, Message, SendGrid
from activities.rendering.rendered import TemplateFault
from schemas.content import Mailbox
from schemas.outcomes import Refused
from schemas.values import Value
from starter.authored.trying import Mail, Wanted, compose_all, find_whom

TEST_MARK = "[Test] "


class Preview(Value):
    """One step's mail as this contact would get it, or the fault that stops it.

    `file` is the one that it was made of; `languages` and `arms` are those that it is written in;
    `note` says what may be otherwise when it goes.
    """

    step: str
    email: str
    file: str = ""
    languages: tuple[str, ...] = ()
    arm: str | None = None
    arms: tuple[str, ...] = ()
    sender: Mailbox | None = None
    subject: str = ""
    headers: dict[str, str] = Field(default_factory=dict)
    html: str = ""
    text: str = ""
    attachments: tuple[str, ...] = ()
    fault: str | None = None
    note: str | None = None


class Tested(Value):
    """SendGrid took the test mail."""

    subject: str
    provider_id: str | None
    note: str | None = None


def preview(engine: Engine, wanted: Wanted, addresses: Addresses) -> list[Preview] | Refused:
    """Render mails through the real renderer, in the order of the steps; nothing is kept."""
    with engine.connect() as connection:
        mails = _compose(connection, wanted, addresses)
    return mails if isinstance(mails, Refused) else [_preview(mail, wanted) for mail in mails]


def send_test(
    engine: Engine, wanted: Wanted, addresses: Addresses, *, sendgrid: SendGrid, to: str
) -> Tested | Refused:
    """Deliver one mail to `to`, marked as a test: no claim, no row, in none of the numbers.

    Suppressions are not asked: whoever tests names the address. Its links lead nowhere.
    """
    with engine.connect() as connection:
        mails = _compose(connection, wanted, addresses)
    if isinstance(mails, Refused):
        return mails
    composed = mails[0].composed
    if isinstance(composed, TemplateFault):
        return Refused(reason="template", message=composed.reason)
    subject = f"{TEST_MARK}{composed.rendered.subject}"
    answer = sendgrid.post(_marked(composed.message, subject, to))
    if isinstance(answer, Accepted):
        note = _note(mails[0], wanted)
        return Tested(subject=subject, provider_id=answer.provider_id, note=note)
    return Refused(reason="not_delivered", message=f"the test was not delivered: {_words(answer)}")


def _compose(connection: Connection, wanted: Wanted, addresses: Addresses) -> list[Mail] | Refused:
    whom = find_whom(connection, wanted)
    if isinstance(whom, Refused):
        return whom
    mails = compose_all(whom, wanted, addresses)
    kept = [mail for mail in mails if wanted.only in (None, mail.step.id, mail.step.email)]
    return kept or _no_such_mail(wanted, mails)


def _no_such_mail(wanted: Wanted, mails: list[Mail]) -> Refused:
    known = ", ".join(mail.step.id for mail in mails) or "none"
    message = f"{wanted.sequence} has no mail {wanted.only}: its mails are {known}"
    return Refused(reason="unknown_step", message=message)


def _preview(mail: Mail, wanted: Wanted) -> Preview:
    bare = Preview(
        step=mail.step.id,
        email=mail.email,
        file=mail.file,
        languages=mail.languages,
        arm=mail.arm.name if mail.arm else None,
        arms=tuple(arm.name for arm in mail.step.arms),
    )
    if isinstance(mail.composed, TemplateFault):
        return bare.model_copy(update={"fault": mail.composed.reason})
    rendered = mail.composed.rendered
    return bare.model_copy(
        update={
            "sender": mail.composed.sender,
            "subject": rendered.subject,
            "headers": _headers(mail.composed.message),
            "html": rendered.html,
            "text": rendered.text,
            "attachments": file_names(mail.composed.message),
            "note": _note(mail, wanted),
        }
    )


def _note(mail: Mail, wanted: Wanted) -> str | None:
    if wanted.knows_data or wanted.data or not mail.names_data:
        return None
    return (
        f"{mail.step.id} names `data`, and what {wanted.enrollment} was given is not known, "
        "since its workflow does not answer: give it with `--data`"
    )


def _headers(message: Message) -> dict[str, str]:
    headers = _recipient(message).get("headers")
    return {k: str(v) for k, v in headers.items()} if isinstance(headers, dict) else {}


def _marked(message: Message, subject: str, to: str) -> Message:
    recipient: dict[str, JsonValue] = {
        **_recipient(message),
        "to": [{"email": to}],
        "custom_args": {"seq_test": "1"},
    }
    return {
        **message,
        "personalizations": [recipient],
        "subject": subject,
        "categories": ["postroad-test"],
    }


def _recipient(message: Message) -> dict[str, JsonValue]:
    recipients = message["personalizations"]
    first = recipients[0] if isinstance(recipients, list) else None
    return first if isinstance(first, dict) else {}


def _words(answer: Answer) -> str:
    return str(getattr(answer, "words", "SendGrid asks to wait: try again in a minute"))
