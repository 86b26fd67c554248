"""The emulator itself: takes mails, tells of them, lets recipients act."""

import secrets
from collections import Counter
from datetime import UTC, datetime, timedelta

from devstack.emulator.actions import (
    HAPPENING_BY_ACTION,
    NEEDS_DELIVERY,
    Action,
    ActionKind,
    ActionRefusedError,
    Done,
)
from devstack.emulator.batches import duplicate_body
from devstack.emulator.config import Duplicates, EmulatorConfig, Switches
from devstack.emulator.correspondence import Request, request_for
from devstack.emulator.events import Happening, click_details, event_body
from devstack.emulator.fates import STORY_BY_FATE, Fate, fate_of
from devstack.emulator.faults import Faults
from devstack.emulator.intake import mails_of, with_own_message_id
from devstack.emulator.journal import Journal
from devstack.emulator.links import links_of
from devstack.emulator.moments import Clock
from devstack.emulator.outbox import Outbox
from devstack.emulator.records import Event, JsonObject, Mail, Post
from devstack.emulator.signing import load_key, public_key_of
from devstack.emulator.store import Store

_OUT_OF_OFFICE_AFTER = timedelta(minutes=1)
_MESSAGE_ID_BYTES = 16  # 22 characters of base64url


class Emulator:
    """SendGrid, its recipients and their mail servers; ends with `close`."""

    def __init__(self, config: EmulatorConfig, clock: Clock) -> None:
        self.config = config
        self.clock = clock
        self.faults = Faults()
        self.answers: Counter[int] = Counter()
        self._journal = Journal(config.state)
        self.store = Store(self._journal)
        key = load_key(config.state)
        self.public_key = public_key_of(key)
        self.outbox = Outbox(config, self.store, key, clock)

    def resume(self) -> None:
        """Take up what an earlier run left undone; needs a running loop."""
        self.outbox.resume()

    async def close(self) -> None:
        """Stop what runs in the background."""
        await self.outbox.close()
        self._journal.close()

    @property
    def switches(self) -> Switches:
        """Give the switches as they stand."""
        return self.outbox.switches

    def accept(self, payload: JsonObject) -> str:
        """Take a request that is known to be good; give its X-Message-Id."""
        message_id = secrets.token_urlsafe(_MESSAGE_ID_BYTES)
        for mail in mails_of(payload, message_id, self.clock()):
            kept = mail if self.switches.keep_message_id else with_own_message_id(mail)
            self._take(kept.model_copy(update={"number": self.store.number()}))
        return message_id

    def act(self, mail: Mail, action: Action) -> Done:
        """Let something happen to a mail; raises ActionRefusedError if it cannot."""
        self._require(mail, action)
        at = action.at or self._next_moment(mail)
        request = request_for(mail, action, at, self.switches)
        if request:
            return Done(post_number=self._send(mail, action, request, at))
        happening = HAPPENING_BY_ACTION[action.kind]
        return Done(event_numbers=self._tell(mail, (happening, at), _details(mail, action)))

    def _take(self, mail: Mail) -> None:
        self.store.add_mail(mail)
        reason = self.store.suppressions.drop_reason(mail)
        fate = Fate.DROPPED if reason else fate_of(mail.recipient.email)
        for happening, after in STORY_BY_FATE[fate]:
            extra: JsonObject = {"reason": reason or "Invalid"} if fate is Fate.DROPPED else {}
            self._tell(mail, (happening, mail.sent_at + after), extra)
        if fate is Fate.OUT_OF_OFFICE:
            at = mail.sent_at + _OUT_OF_OFFICE_AFTER
            self.act(mail, Action(kind=ActionKind.OUT_OF_OFFICE, at=at))

    def _tell(
        self, mail: Mail, told: tuple[Happening, datetime], extra: JsonObject
    ) -> tuple[int, ...]:
        happening, at = told
        event = self._event(mail, event_body(mail, happening, at, extra))
        events = [event]
        if self.switches.duplicates is not Duplicates.NONE:
            body = duplicate_body(event, self.switches.duplicates)
            events.append(self._event(mail, body, duplicate_of=event.number))
        self.outbox.announce(events)
        return tuple(event.number for event in events)

    def _event(self, mail: Mail, body: JsonObject, *, duplicate_of: int | None = None) -> Event:
        number = self.store.number()
        event = Event(number=number, mail_id=mail.id, body=body, duplicate_of=duplicate_of)
        self.store.add_event(event)
        return event

    def _send(self, mail: Mail, action: Action, request: Request, at: datetime) -> int:
        post = Post(
            number=self.store.number(),
            kind=request.kind,
            title=action.kind.value,
            url=request.url,
            opened_at=self.clock(),
            moment=at,
            mail_ids=(mail.id,),
            content_type=request.content_type,
            body=request.body,
        )
        self.outbox.send(post)
        return post.number

    def _next_moment(self, mail: Mail) -> datetime:
        told = (int(str(e.body["timestamp"])) for e in self.store.events_of(mail))
        latest = datetime.fromtimestamp(max(told, default=0), UTC)
        return max(latest, mail.moment_after(self.clock()))

    def _require(self, mail: Mail, action: Action) -> None:
        told = {event.body["event"] for event in self.store.events_of(mail)}
        if "dropped" in told:
            raise ActionRefusedError("SendGrid dropped this mail: it never left.")
        if action.kind in NEEDS_DELIVERY and "delivered" not in told:
            raise ActionRefusedError("This mail was not delivered: nobody can act on it.")
        if action.kind is ActionKind.GROUP_UNSUBSCRIBE and mail.asm_group_id is None:
            raise ActionRefusedError("This mail belongs to no unsubscribe group.")


def _details(mail: Mail, action: Action) -> JsonObject:
    if action.kind is not ActionKind.CLICK:
        return {}
    links = links_of(mail)
    wanted = [link for link in links if action.url in {None, link.url}]
    if not wanted:
        raise ActionRefusedError("This mail has no such link.")
    return click_details(wanted[0])
