"""What a step does beside mailing: attributes set, webhooks and words to the owner laid out."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection, Engine

from activities.owners import Told, owner_of, tell_owner
from activities.published import Library, Published
from activities.rendering.rendered import TemplateFault, Variables
from activities.rendering.words import words_of
from activities.telling import Telling, changed, tell_all
from activities.triggering.by_contact import ContactChange, enroll_by_contact
from schemas.activities import EffectRequest
from schemas.contact import Contact
from schemas.content import Mailbox
from schemas.events import ContactChanged, Event
from schemas.sequence import Sequence
from schemas.steps import AnyStep, NotifyStep, SetStep, WebhookStep
from schemas.values import Facts
from storage import enrolled, events, notices
from storage.events import NewEvent
from storage.locks import lock
from storage.notices import NewNotice
from storage.people import attributes, contacts
from storage.rows import EnrollmentRow, LiveEnrollment

EVENT_TYPE = "postroad.step"
"""What the `type` of a webhook's body says."""


@dataclass(frozen=True)
class _Scene:
    request: EffectRequest
    row: EnrollmentRow
    contact: Contact
    published: Published

    def mark(self, kind: str) -> str:
        return f"{kind}.{self.row.id}.{self.request.step}.{self.request.occurrence}"


class Effects:
    """Carries steps out, each in one transaction; safe to share between threads."""

    def __init__(self, engine: Engine, library: Library) -> None:
        self._engine = engine
        self._library = library

    def carry_out(self, request: EffectRequest) -> None:
        """Carry a step out once; nothing for an enrollment that has ended.

        LookupError if the enrollment, its version or such a step does not exist.
        """
        with self._engine.begin() as connection:
            scene = self._scene(connection, request)
            if scene is not None:
                _carry_out(connection, scene)

    def _scene(self, connection: Connection, request: EffectRequest) -> _Scene | None:
        row = enrolled.get(connection, UUID(request.row))
        contact = contacts.lock(connection, row.contact_id)
        published = self._library.get(connection, row.version)
        if contact is None or published is None:
            raise LookupError(f"Enrollment {row.id} has no version or no contact.")
        stopped = lock(connection, row.id).stopped
        if stopped is not None and stopped.ending is not None:
            return None
        return _Scene(request, row, contact, published)


def _carry_out(connection: Connection, scene: _Scene) -> None:
    step = scene.published.sequence.step_by_id.get(scene.request.step)
    act = _ACT_BY_STEP.get(type(step))
    if step is None or act is None:
        raise LookupError(f"Version {scene.published.hash} has no effect {scene.request.step}.")
    act(connection, scene, step)


def _set(connection: Connection, scene: _Scene, step: AnyStep) -> None:
    values = step.values if isinstance(step, SetStep) else {}
    mark, at = scene.mark("set"), scene.request.now
    record = NewEvent(
        source="step",
        natural_key=mark,
        kind="set",
        contact_id=scene.contact.id,
        enrollment_id=scene.row.id,
        at=at,
        fields=values,
    )
    if events.record(connection, record) is None:
        return
    after = attributes.assign(connection, scene.contact.id, values)
    if after != scene.contact:
        tell_all(connection, after.id, at, _others(scene, changed(scene.contact, after, at, mark)))
        enroll_by_contact(connection, ContactChange(scene.contact, after, at, mark))


def _others(scene: _Scene, tell: Telling) -> Telling:
    def told(live: LiveEnrollment, sequence: Sequence) -> Event | None:
        event = tell(live, sequence)
        if live.id != scene.row.id or not isinstance(event, ContactChanged):
            return event
        # Its own workflow has taken the values in, but cannot read a time zone.
        zoned = event.model_copy(update={"id": f"{event.id}.zone"})
        return None if event.zone is None else zoned

    return told


def _post(connection: Connection, scene: _Scene, step: AnyStep) -> None:
    mark = scene.mark("webhook")
    body = {"id": f"msg_{sha256(mark.encode()).hexdigest()[:32]}", **_body(scene)}
    notice = NewNotice(
        natural_key=mark,
        kind="webhook",
        enrollment_id=scene.row.id,
        contact_id=scene.contact.id,
        at=scene.request.now,
        payload={"url": step.url if isinstance(step, WebhookStep) else "", "body": body},
    )
    notices.lay_out(connection, notice)


def _body(scene: _Scene) -> Facts:
    request, row = scene.request, scene.row
    return {
        "type": EVENT_TYPE,
        "at": f"{request.now:%Y-%m-%dT%H:%M:%SZ}",
        "sequence": row.sequence,
        "version": row.version,
        "step": request.step,
        "occurrence": request.occurrence,
        "enrollment": row.workflow_id,
        "contact": row.contact_id,
        "key": request.key,
        "data": request.data,
    }


def _notify(connection: Connection, scene: _Scene, step: AnyStep) -> None:
    written = step.text if isinstance(step, NotifyStep) else ""
    words = words_of(written, scene.published.content, _known(scene))
    told = Told(
        mark=scene.mark("notify"),
        step=scene.request.step,
        at=scene.request.now,
        what=written if isinstance(words, TemplateFault) else words,
        note=_UNFILLED.format(words.problem) if isinstance(words, TemplateFault) else "",
        to_do=_TO_DO.format(scene.row.workflow_id),
    )
    tell_owner(connection, told, scene.row, scene.contact, scene.published.content)


def _known(scene: _Scene) -> Variables:
    contact, content = scene.contact, scene.published.content
    owner = owner_of(content, contact, step=scene.request.step)
    return Variables(
        contact=contact.facts(),
        data=scene.request.data,
        key=scene.request.key,
        owner=contact.owner,
        sender=owner or _NOBODY,
        sequence=scene.row.sequence,
        step=scene.request.step,
    )


_NOBODY = Mailbox(email="")
_UNFILLED = "(These are the words as written: {}.)"
_TO_DO = "What to do: get in touch. The sequence goes on; `postroad exit {}` would end it."

_ACT_BY_STEP: dict[type, Callable[[Connection, _Scene, AnyStep], None]] = {
    SetStep: _set,
    WebhookStep: _post,
    NotifyStep: _notify,
}
