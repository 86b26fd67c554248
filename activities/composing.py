"""Composing a mail: sender, subject and thread chosen, templates rendered, headers set."""

from datetime import datetime
from uuid import UUID

from activities.addresses import Addresses
from activities.messages import Envelope, message_of
from activities.published import Published
from activities.rendering.letters import Letter
from activities.rendering.rendered import Heading, Rendered, Sender, TemplateFault, Variables
from activities.sendgrid import Message
from activities.threads import Thread, root_of
from schemas.contact import Contact
from schemas.content import Content, Mailbox
from schemas.sequence import EmailStep
from schemas.values import Facts, Value


class Occasion(Value):
    """Which mail goes to whom: the contact, what the enrollment knows, and the send's own ids."""

    contact: Contact
    data: Facts
    key: str | None
    send: UUID
    message_id: str
    at: datetime
    thread: Thread | None = None


class Composed(Value):
    """A mail ready to be posted."""

    rendered: Rendered
    sender: Mailbox
    message: Message


def compose(
    published: Published, step: EmailStep, occasion: Occasion, addresses: Addresses
) -> Composed | TemplateFault:
    """Compose the mail of a step, as it will be sent and as it is previewed."""
    sender = _sender(published, step, occasion.contact)
    if isinstance(sender, TemplateFault):
        return sender
    variables = Variables(
        contact=occasion.contact.facts(),
        data=occasion.data,
        key=occasion.key,
        owner=occasion.contact.owner,
        sender=sender,
        sequence=published.sequence.name,
        step=step.id,
        unsubscribe_url=None if step.transactional else addresses.unsubscribe_url(occasion.send),
    )
    rendered = published.mails.render(step.email, variables, _heading(published, step, occasion))
    if isinstance(rendered, TemplateFault):
        return rendered
    envelope = _envelope(published, step, occasion, sender)
    message = message_of(rendered, envelope, addresses)
    return Composed(rendered=rendered, sender=sender, message=message)


def sender_of(content: Content, wanted: Sender, owner: Mailbox | None) -> Mailbox | None:
    """Give whom a mail is from: the contact's owner or a mailbox, as the sequence has it."""
    if isinstance(wanted, Mailbox):
        return wanted
    return owner or content.sender_fallback


def _sender(published: Published, step: EmailStep, contact: Contact) -> Mailbox | TemplateFault:
    content = published.content
    letters = [_letter(published, email) for email in (step.email, _opening(published, step))]
    named = [letter.sender for letter in letters if letter and letter.sender]
    sender = sender_of(content, [*named, content.sender][0], contact.owner)
    if sender is not None:
        return sender
    return TemplateFault(
        file="sequence.yaml",
        problem="the contact has no owner to write as",
        mend="give it one, or name `from_fallback`",
    )


def _heading(published: Published, step: EmailStep, occasion: Occasion) -> Heading:
    opening = _letter(published, _opening(published, step))
    return Heading(
        override=step.subject,
        thread=occasion.thread.reply_subject if occasion.thread else None,
        fallback=opening.subject if opening else None,
    )


def _letter(published: Published, email: str) -> Letter | None:
    letter = published.mails.letter(email)
    return None if isinstance(letter, TemplateFault) else letter


def _opening(published: Published, step: EmailStep) -> str:
    root = published.sequence.step_by_id.get(root_of(published.sequence, step))
    return root.email if isinstance(root, EmailStep) else step.email


def _envelope(
    published: Published, step: EmailStep, occasion: Occasion, sender: Mailbox
) -> Envelope:
    return Envelope(
        to=occasion.contact,
        sender=sender,
        answers_to_us=published.content.reply_to == "inbound",
        send=occasion.send,
        message_id=occasion.message_id,
        references=occasion.thread.message_ids if occasion.thread else (),
        sequence=published.sequence.name,
        step=step.id,
        transactional=step.transactional,
        at=occasion.at,
    )
