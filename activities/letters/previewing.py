"""Rendering one mail for a contact without sending it."""

from uuid import UUID

from pydantic import Field
from sqlalchemy import Engine

from activities.letters.addresses import Addresses
from activities.letters.composing import Composed, Occasion, compose
from activities.letters.messages import without_files
from activities.mailing.arms import arm_for
from activities.published import Library
from activities.rendering.rendered import TemplateFault
from schemas.steps import EmailStep
from schemas.values import Facts, Moment, Value
from storage.people import contacts

NO_SEND = UUID(int=0)
"""Stands in links and ids for the send that this is not."""


class RenderRequest(Value):
    """Which mail of which version to render, for which contact, as if at `now`."""

    version: str
    step: str
    contact: str
    key: str | None = None
    data: Facts = Field(default_factory=dict)
    now: Moment


def render_email(
    engine: Engine, library: Library, addresses: Addresses, request: RenderRequest
) -> Composed | TemplateFault:
    """Compose a mail as if it opened its thread; LookupError if something of it does not exist."""
    with engine.connect() as connection:
        published = library.get(connection, request.version)
        contact = contacts.get(connection, request.contact)
        step = published.sequence.step_by_id.get(request.step) if published else None
        if published is None or contact is None or not isinstance(step, EmailStep):
            raise LookupError("There is no such version, mail or contact.")
        arm = arm_for(connection, published.sequence, step, contact.id)
    occasion = Occasion(
        contact=contact,
        data=request.data,
        key=request.key,
        send=NO_SEND,
        message_id=f"<{NO_SEND}@{addresses.mail_domain}>",
        at=request.now,
        arm=arm,
    )
    composed = compose(published, step, occasion, addresses)
    if isinstance(composed, TemplateFault):
        return composed
    # Temporal takes answers up to 2 MB: the files themselves stay behind.
    return composed.model_copy(update={"message": without_files(composed.message)})
