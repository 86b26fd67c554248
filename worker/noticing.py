"""The part of a worker that brings notices: its doors, opened and closed with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import Engine

from activities.mailing.feed import Feed
from activities.mailing.sendgrid import SendGrid
from activities.reaching import networks
from runtime.mailing import Mailing
from runtime.settings import Settings, SettingsError, variable
from schemas.content import Mailbox
from starter.outgoing.hooks import HookDoor, signing_keys
from starter.outgoing.noticing import Noticing
from starter.outgoing.owner_mails import MailDoor

_OUR_NAME = "Postroad"


def build_sendgrid(mailing: Mailing) -> SendGrid:
    """Build the door to SendGrid."""
    return SendGrid(
        mailing.sendgrid_api_key.get_secret_value(),
        mailing.sendgrid_url,
        sandbox=mailing.sendgrid_sandbox,
    )


def build_feed(mailing: Mailing) -> Feed | None:
    """Build the door to SendGrid's log of mails, if it is to be asked."""
    if not mailing.sendgrid_activity:
        return None
    return Feed(mailing.sendgrid_api_key.get_secret_value(), mailing.sendgrid_url)


@asynccontextmanager
async def noticing(engine: Engine, settings: Settings) -> AsyncIterator[None]:
    """Bring notices meanwhile, and at the end finish those under way.

    Raises SettingsError if something that this needs is missing or wrong.
    """
    hooks = HookDoor(_signing_keys(settings), networks(settings.private_networks))
    mails = _mail_door(engine, settings)
    bringing = asyncio.create_task(Noticing(engine, {"webhook": hooks, "owner_mail": mails}).run())
    try:
        yield
    finally:
        bringing.cancel()
        with suppress(asyncio.CancelledError):
            await bringing
        await hooks.close()


def _mail_door(engine: Engine, settings: Settings) -> MailDoor:
    mailing = settings.mailing()
    address = settings.notify_from or f"postroad@{mailing.mail_domain}"
    sender = Mailbox(email=address, name=_OUR_NAME)
    return MailDoor(engine, build_sendgrid(mailing), sender=sender, mail_domain=mailing.mail_domain)


def _signing_keys(settings: Settings) -> tuple[bytes, ...]:
    try:
        return signing_keys(one.get_secret_value() for one in settings.webhook_secret)
    except ValueError as error:
        raise SettingsError(f"{variable('webhook_secret')} is wrong: {error}") from None
