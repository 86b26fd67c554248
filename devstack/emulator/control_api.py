"""The control API: what a driver or a test asks of the emulator."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from devstack.emulator.actions import Action, ActionRefusedError, Done
from devstack.emulator.config import Switches
from devstack.emulator.emulator import Emulator
from devstack.emulator.faults import Fault, FaultState
from devstack.emulator.records import Mail, Record
from devstack.emulator.selection import Selection, select
from devstack.emulator.views import (
    Counts,
    EventView,
    MailSummary,
    MailView,
    counts_of,
    event_view,
    summary_of,
    view_of,
)


class Drained(Record):
    """Whether all posts are done, and how many are not."""

    drained: bool
    pending: int


class Forgiven(Record):
    """Whether an address was on a suppression list."""

    was_listed: bool


def build_control_api(emulator: Emulator) -> APIRouter:
    """Build the routes under `/emulator`."""
    router = APIRouter(prefix="/emulator", tags=["Control"])
    _add_mail_routes(router, emulator)
    _add_fact_routes(router, emulator)
    _add_fault_routes(router, emulator)
    _add_switch_routes(router, emulator)
    return router


def find_mail(emulator: Emulator, mail_id: str) -> Mail:
    """Give a mail; raises a 404 if there is none."""
    mail = emulator.store.mails.get(mail_id)
    if mail is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such mail.")
    return mail


def _add_mail_routes(router: APIRouter, emulator: Emulator) -> None:
    @router.get("/mails")
    async def mails(selection: Annotated[Selection, Query()]) -> list[MailSummary]:
        """List mails, the oldest first unless asked otherwise."""
        return [summary_of(emulator, mail) for mail in select(emulator.store, selection)]

    @router.get("/mails/{mail_id}")
    async def mail(mail_id: str) -> MailView:
        """Show one mail in full."""
        return view_of(emulator, find_mail(emulator, mail_id))

    @router.post("/mails/{mail_id}/actions", status_code=HTTPStatus.ACCEPTED)
    async def act(mail_id: str, action: Action) -> Done:
        """Let something happen to a mail; 409 if the mail does not allow it."""
        try:
            return emulator.act(find_mail(emulator, mail_id), action)
        except ActionRefusedError as refused:
            raise HTTPException(HTTPStatus.CONFLICT, str(refused)) from None


def _add_fact_routes(router: APIRouter, emulator: Emulator) -> None:
    @router.get("/events")
    async def events(mail_id: str | None = None, after: int = 0) -> list[EventView]:
        """List events, of one mail or of all, with how telling of each went."""
        found = emulator.store.events.values()
        wanted = (e for e in found if e.number > after and mail_id in {None, e.mail_id})
        return [event_view(emulator, event) for event in wanted]

    @router.get("/counts")
    async def counts() -> Counts:
        """Count what was accepted, by send id, and what was told."""
        return counts_of(emulator)

    @router.post("/drain")
    async def drain(seconds: Annotated[float, Query(ge=0, le=300)] = 30) -> Drained:
        """Answer when all posts are done, or after so many seconds."""
        pending = await emulator.outbox.drain(seconds)
        return Drained(drained=pending == 0, pending=pending)


def _add_fault_routes(router: APIRouter, emulator: Emulator) -> None:
    @router.get("/faults")
    async def faults() -> list[FaultState]:
        """List the faults that are switched on."""
        return emulator.faults.states()

    @router.post("/faults", status_code=HTTPStatus.CREATED)
    async def arm(fault: Fault) -> list[FaultState]:
        """Switch a fault on."""
        emulator.faults.arm(fault)
        return emulator.faults.states()

    @router.delete("/faults", status_code=HTTPStatus.NO_CONTENT)
    async def clear() -> None:
        """Switch all faults off."""
        emulator.faults.clear()


def _add_switch_routes(router: APIRouter, emulator: Emulator) -> None:
    @router.get("/switches")
    async def switches() -> Switches:
        """Show the switches."""
        return emulator.switches

    @router.put("/switches")
    async def switch(wanted: Switches) -> Switches:
        """Set all switches; what is left out is set to its default."""
        emulator.outbox.switches = wanted
        return wanted

    @router.get("/suppressions")
    async def suppressions() -> dict[str, list[str]]:
        """List the addresses that SendGrid would drop, with the lists that they are on."""
        return emulator.store.suppressions.listed()

    @router.delete("/suppressions/{address:path}")
    async def forgive(address: str) -> Forgiven:
        """Take an address off all lists."""
        return Forgiven(was_listed=emulator.store.forgive(address))
