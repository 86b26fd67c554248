"""What somebody does: enrolled, telling the app something, answering a mail; each deed noted."""

from contextlib import suppress
from datetime import datetime

from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode
from typing_extensions import TypedDict, Unpack

from devstack.chaos.insisting import insisted, posted
from devstack.chaos.plan import Deed, Person
from devstack.demo.stage import Stage
from devstack.emulator.actions import Action, ActionKind
from devstack.emulator.selection import Selection
from devstack.emulator.views import MailSummary
from runtime.clock import wall_now
from schemas.enrollment import EnrollmentStart
from schemas.events import AppEvent
from schemas.ids import enrollment_id
from schemas.names import QUEUE_ENROLLMENTS, WORKFLOW_ENROLLMENT
from schemas.values import Moment, Value, cut
from starter.operating import Order, command

SEQUENCE, FURTHER_ON = "storm", "haven"
"""What everybody is enrolled in, and where a click leads."""


def address_of(person: Person) -> str:
    """Give somebody's address: what stands before its @ decides whether mails bounce."""
    return f"{person.name}@customer.example"


class Done(Value):
    """Something that somebody did at `at`: `word` as a script of a scenario has it.

    `acknowledged` is when we had committed what ends it; None: nothing was promised.
    `recorded` is what it must be on record as.
    """

    person: int
    word: str
    at: Moment
    step: str | None = None
    acknowledged: datetime | None = None
    recorded: str | None = None


class _More(TypedDict, total=False):
    step: str | None
    acknowledged: datetime | None
    recorded: str | None


class Deeds:
    """Does what people do, by the doors that they have, until it is answered."""

    def __init__(self, stage: Stage, ids: tuple[str, ...]) -> None:
        self.done: list[Done] = []
        self._stage, self._ids = stage, ids

    def contact(self, person: Person) -> str:
        """Give somebody's contact id."""
        return self._ids[person.number]

    def workflow_id(self, person: Person) -> str:
        """Give the id of somebody's enrollment."""
        return enrollment_id(SEQUENCE, self.contact(person))

    async def start(self, person: Person) -> None:
        """Enroll somebody, twice if the plan says so."""
        start = self._start_directly if person.direct else self._start_by_api
        for _ in range(1 + person.twice):
            await start(person)

    async def _start_by_api(self, person: Person) -> None:
        wanted: dict[str, object] = {"sequence": SEQUENCE, "contact": self.contact(person)}
        answer = await posted(self._stage.web, "/v1/enrollments", wanted)
        if answer.status_code not in _STARTED:
            raise RuntimeError(f"The API refuses to enroll: {answer.text}")

    async def _start_directly(self, person: Person) -> None:
        contact = self.contact(person)
        start = EnrollmentStart(sequence=SEQUENCE, contact=contact, source="chaos")

        async def begin() -> None:
            with suppress(WorkflowAlreadyStartedError):
                await self._stage.client.start_workflow(
                    WORKFLOW_ENROLLMENT,
                    start,
                    id=self.workflow_id(person),
                    task_queue=QUEUE_ENROLLMENTS,
                    id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                )

        await insisted(begin)

    async def act(self, person: Person, mail: MailSummary) -> None:
        """Do what the plan says, about a mail that came."""
        if person.deed is Deed.COMPLETES:
            await self.say(person, "farewell")
        elif person.deed is Deed.BOOKS:
            await self.say(person, "meeting_booked", promised=True)
        elif person.deed is Deed.IS_TAKEN_OUT:
            await self._take_out(person)
        elif person.deed is Deed.UNSUBSCRIBES:
            await self._unsubscribe(person, mail)
        elif person.deed is not Deed.BOUNCES:
            await self._by_mail(person, mail)

    async def bounce(self, person: Person) -> bool:
        """Note that the first mail that went to somebody bounced; tell whether one went."""
        address = address_of(person)
        mails = await insisted(lambda: self._stage.emulator.mails(Selection(to=address, limit=1)))
        for mail in mails:
            self._note(person, "bounce", mail.accepted_at, step=mail.custom_args["seq_step"])
        return bool(mails)

    async def say(self, person: Person, word: str, *, promised: bool = False) -> None:
        """Let the app report an event, or signal it if nothing is promised and they are direct."""
        at = wall_now()
        for _ in range(1 + person.twice):
            if person.direct and not promised:
                await self._signal(person, word, at)
            else:
                contact, mark = self.contact(person), f"{word}-{person.number}"
                said = {"event": word, "contact": contact, "id": mark}
                (await posted(self._stage.web, "/v1/events", {**said})).raise_for_status()
        over = wall_now() if promised else None
        told = None if person.direct and not promised else word
        self._note(person, word, at, acknowledged=over, recorded=told)

    async def _signal(self, person: Person, word: str, at: datetime) -> None:
        event = AppEvent(id=f"{word}-{person.number}", at=cut(at), name=word)
        handle = self._stage.client.get_workflow_handle(self.workflow_id(person))

        async def bring() -> None:
            try:
                await handle.signal(event.kind, event)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise

        await insisted(bring)

    async def _take_out(self, person: Person) -> None:
        order = Order(action="exit", who="chaos", why="by the plan", wall=wall_now())
        stage, workflow_id = self._stage, self.workflow_id(person)
        await insisted(lambda: command(stage.client, stage.engine, workflow_id, order))
        self._note(person, "exit", order.wall, acknowledged=wall_now())

    async def _unsubscribe(self, person: Person, mail: MailSummary) -> None:
        at = wall_now()
        url = (await self._stage.emulator.mail(mail.id)).one_click_url
        for _ in range(1 + person.twice):
            (await posted(self._stage.web, str(url), {})).raise_for_status()
        self._note(person, "unsubscribe", at, acknowledged=wall_now(), recorded="unsubscribe")

    async def _by_mail(self, person: Person, mail: MailSummary) -> None:
        kind, word = _BY_MAIL[person.deed]
        for _ in range(1 + person.twice):
            await self._stage.emulator.act(mail.id, Action(kind=kind))
        self._note(person, word, wall_now(), step=mail.custom_args["seq_step"])

    def _note(self, person: Person, word: str, at: datetime, **more: Unpack[_More]) -> None:
        self.done.append(Done(person=person.number, word=word, at=cut(at), **more))


_STARTED = (201, 409)
_BY_MAIL: dict[Deed, tuple[ActionKind, str]] = {
    Deed.REPLIES: (ActionKind.REPLY, "reply"),
    Deed.COMPLAINS: (ActionKind.SPAM_REPORT, "complaint"),
    Deed.CLICKS: (ActionKind.CLICK, "click"),
}
