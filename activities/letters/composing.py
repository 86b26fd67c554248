"""Composing a mail: sender, subject and thread chosen, templates rendered, headers set."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from activities.letters.addresses import Addresses
from activities.letters.attachments import Attached, Fetch, attached
from activities.letters.fetching import fetch as fetch_now
from activities.letters.messages import Envelope, message_of
from activities.letters.senders import resolved, sender_for
from activities.letters.threads import Thread, root_of
from activities.mailing.sendgrid import Message
from activities.published import Published
from activities.rendering.letters import Letter
from activities.rendering.rendered import Heading, Rendered, Rewritten, TemplateFault, Variables
from schemas.contact import Contact
from schemas.content import Mailbox
from schemas.steps import Arm, EmailStep
from schemas.values import Facts, Value


class Reader(Value):
    """Who reads which mail: the contact, its arm, the thread, and the enrollment's own sender."""

    contact: Contact
    thread: Thread | None = None
    arm: Arm | None = None
    sender: Mailbox | None = None


class Occasion(Reader):
    """Which mail goes to whom: beside the reader what the enrollment knows, and the send's ids.

    `rewritten` is what a person wrote instead of the mail's body.
    """

    data: Facts
    key: str | None
    send: UUID
    message_id: str
    at: datetime
    rewritten: Rewritten | None = None


class Composed(Value):
    """A mail ready to be posted."""

    rendered: Rendered
    sender: Mailbox
    message: Message


def compose(
    published: Published,
    step: EmailStep,
    occasion: Occasion,
    addresses: Addresses,
    fetch: Fetch | None = None,
) -> Composed | TemplateFault:
    """Compose the mail of a step, as it will be sent and as it is previewed."""
    paper = _Paper(published, step, occasion)
    sender = _sender(paper)
    if isinstance(sender, TemplateFault):
        return sender
    variables = _variables(paper, occasion, sender, addresses)
    rendered = published.mails.render(paper.email, variables, _heading(paper), occasion.rewritten)
    if isinstance(rendered, TemplateFault):
        return rendered
    letter = paper.letter(paper.email)
    fetching = fetch or partial(fetch_now, private=addresses.private)
    files = attached(published.content, letter, fetching) if letter else ()
    if isinstance(files, TemplateFault):
        return files
    message = message_of(rendered, _envelope(paper, occasion, sender, files), addresses)
    return Composed(rendered=rendered, sender=sender, message=message)


def address_from(published: Published, step: EmailStep, reader: Reader) -> str | None:
    """Give the address that a mail will be from, if there is one to be from."""
    sender = _sender(_Paper(published, step, reader))
    return sender.email if isinstance(sender, Mailbox) else None


@dataclass(frozen=True)
class _Paper:
    published: Published
    step: EmailStep
    occasion: Reader

    @property
    def email(self) -> str:
        arm = self.occasion.arm
        return arm.email if arm else self.step.email

    @property
    def language(self) -> str | None:
        language = self.occasion.contact.facts().get("language")
        return language if isinstance(language, str) else None

    @property
    def root(self) -> EmailStep:
        sequence = self.published.sequence
        root = sequence.step_by_id.get(root_of(sequence, self.step))
        return root if isinstance(root, EmailStep) else self.step

    def opening(self) -> Letter | None:
        """Give the mail that opened the thread, or would have."""
        if self.root.id == self.step.id:
            return self.letter(self.email)
        thread = self.occasion.thread
        arms = {arm.name: arm.email for arm in self.root.arms}
        return self.letter(arms.get(thread.arm or "" if thread else "", self.root.email))

    def letter(self, email: str) -> Letter | None:
        letter = self.published.mails.letter(email, self.language)
        return None if isinstance(letter, TemplateFault) else letter


def _variables(
    paper: _Paper, occasion: Occasion, sender: Mailbox, addresses: Addresses
) -> Variables:
    step = paper.step
    return Variables(
        contact=occasion.contact.facts(),
        data=occasion.data,
        key=occasion.key,
        owner=occasion.contact.owner,
        sender=sender,
        sequence=paper.published.sequence.name,
        step=step.id,
        unsubscribe_url=None if step.transactional else addresses.unsubscribe_url(occasion.send),
    )


def _sender(paper: _Paper) -> Mailbox | TemplateFault:
    """Give the sender that the step, its mail or its thread names, else the enrollment's own."""
    content, occasion = paper.published.content, paper.occasion
    sequence = paper.published.sequence.name
    letters = paper.letter(paper.email), paper.opening()
    own, opening = (letter.sender if letter else None for letter in letters)
    of_step = content.senders.get(paper.step.id), own, content.senders.get(paper.root.id), opening
    named = next((one for one in of_step if one), None)
    if named is not None:
        sender = resolved(content, named, sequence, occasion.contact)
    else:
        sender = occasion.sender or sender_for(content, sequence, occasion.contact)
    if sender is not None:
        return sender
    return TemplateFault(
        file="sequence.yaml",
        problem="the contact has no owner to write as",
        mend="give it one, or name `from_fallback`",
    )


def _heading(paper: _Paper) -> Heading:
    occasion, opening = paper.occasion, paper.opening()
    of_arm = occasion.arm.subject if occasion.arm else None
    return Heading(
        override=of_arm or paper.step.subject,
        thread=occasion.thread.reply_subject if occasion.thread else None,
        fallback=opening.subject if opening else None,
    )


def _envelope(
    paper: _Paper, occasion: Occasion, sender: Mailbox, files: tuple[Attached, ...]
) -> Envelope:
    step = paper.step
    return Envelope(
        to=occasion.contact,
        sender=sender,
        answers_to_us=paper.published.content.reply_to == "inbound",
        send=occasion.send,
        message_id=occasion.message_id,
        references=occasion.thread.message_ids if occasion.thread else (),
        sequence=paper.published.sequence.name,
        step=step.id,
        transactional=step.transactional,
        at=occasion.at,
        attachments=files,
    )
