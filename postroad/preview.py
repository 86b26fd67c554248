"""`postroad preview` and `send-test`: mails before they go."""

import webbrowser
from typing import Annotated

import typer
from email_validator import EmailNotValidError, validate_email

from activities.sendgrid import SendGrid
from postroad.previewpage import write_page
from postroad.printing import AsJson, complain, refuse, say, show_json
from postroad.session import run
from postroad.words import facts
from runtime.clock import wall_now
from runtime.session import Session
from runtime.settings import Mailing
from schemas.outcomes import Refused
from starter.addresses import build_addresses, preview_addresses
from starter.previewing import Preview, Tested, Wanted
from starter.previewing import preview as render_all
from starter.previewing import send_test as deliver

Sequence = Annotated[str, typer.Argument(help="A published sequence's name.")]
Contact = Annotated[
    str, typer.Option("--contact", help="For whom: id, external key or address of a contact.")
]
Facts = Annotated[
    list[str] | None, typer.Option("--data", metavar="NAME=VALUE", help="A fact of `data`.")
]


def preview(  # noqa: PLR0913 one argument an option: the command line's own shape
    sequence: Sequence,
    *,
    contact: Contact,
    email: Annotated[
        str | None, typer.Option(help="Only this one: a step's id or a mail's name.")
    ] = None,
    assignments: Facts = None,
    key: Annotated[str | None, typer.Option(help="The enrollment's key.")] = None,
    opened: Annotated[
        bool, typer.Option("--open", help="Open a page with all of them in the browser.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Render a published sequence's mails for one contact.

    Through the renderer that sends: HTML, text and headers. A value that is missing for this
    contact is named with its file and line, and the exit status is 1.
    """
    wanted = Wanted(
        sequence=sequence,
        contact=contact,
        only=email,
        data=facts(assignments or ()),
        key=key,
        at=wall_now(),
    )

    async def work(session: Session) -> list[Preview] | Refused:
        return render_all(session.engine, wanted, preview_addresses(session.settings))

    mails = run(work)
    if isinstance(mails, Refused):
        refuse(mails.message)
    _tell(mails, opened=opened, as_json=as_json)


def send_test(  # noqa: PLR0913 one argument an option: the command line's own shape
    sequence: Sequence,
    step: Annotated[str, typer.Argument(help="A step's id or a mail's name.")],
    *,
    to: Annotated[str, typer.Option(help="The address that gets it: yours.")],
    contact: Contact,
    assignments: Facts = None,
    as_json: AsJson = False,
) -> None:
    """Deliver one mail as a test, outside all numbers.

    Its subject begins with [Test]. No enrollment, no claim, no row comes of it; suppressions are
    not asked, and its links lead nowhere.
    """
    wanted = Wanted(
        sequence=sequence,
        contact=contact,
        only=step,
        data=facts(assignments or ()),
        at=wall_now(),
    )
    address = _address(to)

    async def work(session: Session) -> Tested | Refused:
        mailing = session.settings.mailing()
        return deliver(
            session.engine,
            wanted,
            build_addresses(mailing),
            sendgrid=_sendgrid(mailing),
            to=address,
        )

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        say(f"delivered to SendGrid: {answer.subject}")


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
    say(f"== {mail.step} ==")
    say(f"From: {mail.sender.name} <{mail.sender.email}>")
    say(f"Subject: {mail.subject}")
    for name, value in mail.headers.items():
        say(f"{name}: {value}")
    say(f"\n{mail.text}")


COMMANDS = {"preview": preview, "send-test": send_test}
