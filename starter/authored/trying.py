"""Mails composed as they would go, for somebody, without going: what previews and tests share."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from pydantic import Field
from sqlalchemy import Connection

from activities.admitting.keys import key_in
from activities.letters.addresses import Addresses
from activities.letters.composing import Composed, Occasion, compose
from activities.letters.threads import Thread, root_of
from activities.mailing.arms import arm_for
from activities.published import Published
from activities.rendering.letters import REWRITTEN, Letter
from activities.rendering.rendered import Rewritten, TemplateFault
from activities.rendering.tongues import tag_of
from schemas.contact import Contact
from schemas.content import Mailbox
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from schemas.steps import Arm, EmailStep
from schemas.values import Facts, Value, cut
from starter.enrolling.enrollments import UNKNOWN_CONTACT, unpublished
from starter.operating import unknown_enrollment
from storage import enrolled, versions
from storage.people import contacts
from storage.sending import overrides


class Wanted(Value):
    """Which mails for whom: those of the latest version, or the one of a step or mail `only`.

    With `enrollment` it is that one's contact, key, version and sender, and the texts that were
    written for it; its data is as told here, and not `knows_data` if more was given that nobody
    knows. `language` and `arm` go before the contact's own.
    """

    sequence: str
    contact: str | None = None
    enrollment: str | None = None
    only: str | None = None
    language: str | None = None
    arm: str | None = None
    data: Facts = Field(default_factory=dict)
    key: str | None = None
    at: datetime
    knows_data: bool = True


@dataclass(frozen=True)
class Mail:
    """A step's mail, composed or at fault; `file` is the one that it was made of.

    It `names_data` if what it says may depend on what the enrollment was given.
    """

    step: EmailStep
    email: str
    file: str
    languages: tuple[str, ...]
    arm: Arm | None
    composed: Composed | TemplateFault
    names_data: bool


@dataclass(frozen=True)
class Whom:
    """For whom mails are composed, and from what."""

    published: Published
    contact: Contact
    key: str | None
    sender: Mailbox | None = None
    rewritten: dict[str, Rewritten] = field(default_factory=dict)
    arms: dict[str, Arm] = field(default_factory=dict)


def find_whom(connection: Connection, wanted: Wanted) -> Whom | Refused:
    """Find all that composing takes, or say what does not exist."""
    if wanted.enrollment is not None:
        found = _enrolled(connection, wanted, wanted.enrollment)
    else:
        found = _anybody(connection, wanted)
    if isinstance(found, Refused) or wanted.arm is None:
        return found
    arms = {arm.name: None for step in found.published.sequence.emails for arm in step.arms}
    if wanted.arm in arms:
        return found
    message = f"no mail of {wanted.sequence} has an arm {wanted.arm}: there are {_listed(arms)}"
    return Refused(reason="unknown_arm", message=message)


def compose_all(whom: Whom, wanted: Wanted, addresses: Addresses) -> list[Mail]:
    """Compose all mails of a sequence in the order of the steps, each thread as one."""
    mails: list[Mail] = []
    openings: dict[str, Thread] = {}
    for step in whom.published.sequence.emails:
        root = root_of(whom.published.sequence, step)
        occasion = _occasion(whom, step, wanted, addresses)
        occasion = occasion.model_copy(update={"thread": openings.get(root)})
        composed = compose(whom.published, step, occasion, addresses)
        composed = composed if wanted.knows_data else _unknown(composed, wanted)
        mails.append(_mail(whom, step, occasion, composed))
        if isinstance(composed, Composed):
            openings.setdefault(root, _opening(occasion, composed))
    return mails


def _anybody(connection: Connection, wanted: Wanted) -> Whom | Refused:
    if refused := unpublished(connection, wanted.sequence, None):
        return refused
    version = versions.latest(connection, wanted.sequence)
    contact = contacts.find(connection, wanted.contact or "")
    if contact is None or version is None:
        return UNKNOWN_CONTACT
    arms = _arms(connection, version.sequence, contact)
    key = wanted.key or key_in(version.sequence, contact, wanted.data)
    return Whom(Published.of(version), contact, key, arms=arms)


def _enrolled(connection: Connection, wanted: Wanted, ref: str) -> Whom | Refused:
    row = enrolled.find(connection, ref)
    version = versions.get(connection, row.version) if row else None
    contact = contacts.get(connection, row.contact_id) if row else None
    if row is None or version is None or contact is None:
        return unknown_enrollment(ref)
    if row.sequence != wanted.sequence:
        message = f"{row.workflow_id} is in {row.sequence}, not in {wanted.sequence}"
        return Refused(reason="unknown_enrollment", message=message)
    kept = overrides.of_enrollment(connection, row.id).values()
    return Whom(
        Published.of(version),
        contact,
        row.key,
        sender=row.sender,
        rewritten={one.step: Rewritten(subject=one.subject, body=one.body) for one in kept},
        arms=_arms(connection, version.sequence, contact),
    )


def _arms(connection: Connection, sequence: Sequence, contact: Contact) -> dict[str, Arm]:
    drawn = ((s.id, arm_for(connection, sequence, s, contact.id)) for s in sequence.emails)
    return {step: arm for step, arm in drawn if arm is not None}


def _mail(
    whom: Whom, step: EmailStep, occasion: Occasion, composed: Composed | TemplateFault
) -> Mail:
    mails, email = whom.published.mails, occasion.arm.email if occasion.arm else step.email
    language = occasion.contact.facts().get("language")
    language = language if isinstance(language, str) else None
    letter = mails.letter(email, language)
    file = letter.file if isinstance(letter, Letter) else ""
    files = [one.file for one in mails.letters(email) if isinstance(one, Letter)]
    tags = (tag_of(name) for name in files if name.partition(".")[0] != name)
    return Mail(
        step=step,
        email=email,
        file=REWRITTEN if occasion.rewritten else file,
        languages=tuple(tag for tag in tags if tag),
        arm=occasion.arm,
        composed=composed,
        names_data="data" in mails.names(email, language, occasion.rewritten),
    )


def _occasion(whom: Whom, step: EmailStep, wanted: Wanted, addresses: Addresses) -> Occasion:
    send, contact = uuid4(), whom.contact
    if wanted.language is not None:
        spoken = {**contact.attributes, "language": wanted.language}
        contact = contact.model_copy(update={"attributes": spoken})
    return Occasion(
        contact=contact,
        data=wanted.data,
        key=whom.key,
        send=send,
        message_id=f"<{send}@{addresses.mail_domain}>",
        at=cut(wanted.at),
        arm=_arm(whom, step, wanted.arm),
        sender=whom.sender,
        rewritten=whom.rewritten.get(step.id),
    )


def _arm(whom: Whom, step: EmailStep, wanted: str | None) -> Arm | None:
    named = {arm.name: arm for arm in step.arms}
    return named.get(wanted or "") or whom.arms.get(step.id)


def _unknown(composed: Composed | TemplateFault, wanted: Wanted) -> Composed | TemplateFault:
    fact = composed.problem.partition(" ")[0] if isinstance(composed, TemplateFault) else ""
    if isinstance(composed, Composed) or not fact.startswith("data."):
        return composed
    problem = f"{fact} is not known, since no workflow of {wanted.enrollment} answers"
    return composed.model_copy(update={"problem": problem, "mend": "give it with `--data`"})


def _opening(occasion: Occasion, composed: Composed) -> Thread:
    return Thread(
        message_ids=(occasion.message_id,),
        subject=composed.rendered.subject,
        arm=occasion.arm.name if occasion.arm else None,
    )


def _listed(names: dict[str, None]) -> str:
    return ", ".join(names) or "none"
