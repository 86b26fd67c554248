"""`postroad preview` and `send-test`: mails before they go."""

import webbrowser
from typing import Annotated

import typer
from email_validator import EmailNotValidError, validate_email

from activities.mailing.sendgrid import SendGrid
from postroad.options import Data, Key, SequenceName
from postroad.previewpage import write_page
from postroad.printing import AsJson, complain, refuse, say, show_json
from postroad.session import run
from postroad.words import facts
from runtime.clock import wall_now
from runtime.connections import UnreachableError
from runtime.mailing import Mailing
from runtime.session import Session
from schemas.outcomes import Refused
from starter.addresses import build_addresses, preview_addresses
from starter.authored.previewing import Preview, Tested
from starter.authored.previewing import preview as render_all
from starter.authored.previewing import send_test as deliver
from starter.authored.trying import Wanted
from starter.enrolling.given import with_own_data

Only = Annotated[str | None, typer.Option(help="Only this one: a step's id or a mail's name.")]
Opened = Annotated[
    bool, typer.Option("--open", help="Open a page with all of them in the browser.")
]
MaybeWhom = Annotated[
    str | None, typer.Option("--contact", help="For whom: id, external key or address.")
]
Enrollment = Annotated[
    str | None,
    typer.Option(help="For this enrollment, with its data and the texts written for it."),
]
Language = Annotated[
    str | None, typer.Option(help="In this language (default: the contact's), as de or de-AT.")
]
ArmName = Annotated[str | None, typer.Option("--arm", help="This arm of each mail that has it.")]
Step = Annotated[str, typer.Argument(help="A step's id or a mail's name.")]
To = Annotated[str, typer.Option(help="The address that gets it: yours.")]


def preview(  # noqa: PLR0913 one argument an option: the command line's own shape
    sequence: SequenceName,
    *,
    contact: MaybeWhom = None,
    enrollment: Enrollment = None,
    email: Only = None,
    language: Language = None,
    arm: ArmName = None,
    assignments: Data = None,
    key: Key = None,
    opened: Opened = False,
    as_json: AsJson = False,
) -> None:
    """Render a published sequence's mails for one contact.

    Through the renderer that sends: HTML, text and headers. A value that is missing for this
    contact is named with its file and line, and the exit status is 1.
    """
    further = {"key": key, "enrollment": enrollment, "language": language, "arm": arm}
    wanted = _wanted(sequence, contact, email, assignments, further)

    async def work(session: Session) -> list[Preview] | Refused:
        known = await _with_own_data(session, wanted)
        return render_all(session.engine, known, preview_addresses(session.settings))

    mails = run(work)
    if isinstance(mails, Refused):
        refuse(mails.message)
    _tell(mails, opened=opened, as_json=as_json)


def send_test(  # noqa: PLR0913 one argument an option: the command line's own shape
    sequence: SequenceName,
    step: Step,
    *,
    to: To,
    contact: MaybeWhom = None,
    enrollment: Enrollment = None,
    language: Language = None,
    arm: ArmName = None,
    assignments: Data = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Deliver one mail as a test, outside all numbers.

    Its subject begins with [Test]. No enrollment, no claim, no row comes of it; suppressions are
    not asked, and its links lead nowhere.
    """
    further = {"key": key, "enrollment": enrollment, "language": language, "arm": arm}
    wanted, address = _wanted(sequence, contact, step, assignments, further), _address(to)

    answer = run(lambda session: _delivered(session, wanted, address))
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        say(f"delivered to SendGrid: {answer.subject}")
        _remark(answer.note)


async def _delivered(session: Session, wanted: Wanted, to: str) -> Tested | Refused:
    mailing = session.settings.mailing()
    addresses, sendgrid = build_addresses(mailing), _sendgrid(mailing)
    known = await _with_own_data(session, wanted)
    return deliver(session.engine, known, addresses, sendgrid=sendgrid, to=to)


async def _with_own_data(session: Session, wanted: Wanted) -> Wanted:
    if wanted.enrollment is None:
        return wanted
    try:
        client = await session.client()
    except UnreachableError:
        client = None
    return await with_own_data(client, session.engine, wanted)


def _wanted(
    sequence: str,
    contact: str | None,
    only: str | None,
    assignments: list[str] | None,
    further: dict[str, str | None],
) -> Wanted:
    if (contact is None) == (further["enrollment"] is None):
        raise typer.BadParameter("give either --contact or --enrollment")
    data = facts(assignments or ())
    wanted = Wanted(sequence=sequence, contact=contact, only=only, data=data, at=wall_now())
    return wanted.model_copy(update=further)


def _sendgrid(mailing: Mailing) -> SendGrid:
    return SendGrid(
        mailing.sendgrid_api_key.get_secret_value(),
        mailing.sendgrid_url,
        sandbox=mailing.sendgrid_sandbox,
    )


def _address(written: str) -> str:
    try:
        return validate_email(written, check_deliverability=False, strict=True).normalized
    except EmailNotValidError as error:
        raise typer.BadParameter(f"--to is no address: {error}") from None


def _tell(mails: list[Preview], *, opened: bool, as_json: bool) -> None:
    if as_json:
        show_json(mails)
    else:
        for mail in mails:
            _show(mail)
    if opened:
        webbrowser.open(write_page(mails).as_uri())
    raise typer.Exit(1 if any(mail.fault for mail in mails) else 0)


def _show(mail: Preview) -> None:
    if mail.fault is not None or mail.sender is None:
        complain(f"{mail.step} cannot be rendered: {mail.fault}")
        return
    say(f"== {mail.step}{_form(mail)} ==")
    say(f"From: {mail.sender.name} <{mail.sender.email}>")
    say(f"Subject: {mail.subject}")
    for name, value in mail.headers.items():
        say(f"{name}: {value}")
    if mail.attachments:
        say(f"Attached: {', '.join(mail.attachments)}")
    say(f"\n{mail.text}")
    _remark(mail.note)


def _remark(note: str | None) -> None:
    if note is not None:
        complain(note)


def _form(mail: Preview) -> str:
    if not mail.arms and not mail.languages:
        return ""
    arm = f", arm {mail.arm} of {', '.join(mail.arms)}" if mail.arm else ""
    return f" ({mail.file}{arm})"


COMMANDS = {"preview": preview, "send-test": send_test}
