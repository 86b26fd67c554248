"""The control API for programs: what tests and the demo ask of a running emulator."""

import ssl
from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter

from devstack.emulator.actions import Action, ActionRefusedError, Done
from devstack.emulator.config import Switches
from devstack.emulator.control_api import Drained
from devstack.emulator.faults import Fault, FaultState
from devstack.emulator.records import Record
from devstack.emulator.selection import Selection
from devstack.emulator.views import Counts, EventView, MailSummary, MailView

Answer = TypeVar("Answer")

_SIGNED = "/v3/user/webhooks/event/settings/signed/default"
_MAIL = TypeAdapter(MailView)
_DONE = TypeAdapter(Done)
_COUNTS = TypeAdapter(Counts)
_DRAINED = TypeAdapter(Drained)
_SWITCHES = TypeAdapter(Switches)
_MAILS = TypeAdapter(list[MailSummary])
_EVENTS = TypeAdapter(list[EventView])
_FAULTS = TypeAdapter(list[FaultState])
_LISTED = TypeAdapter(dict[str, list[str]])


def plain_client(address: str) -> httpx.AsyncClient:
    """Build a client for an address on this machine: no proxies, no certificates to trust."""
    no_certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loading them takes a while
    return httpx.AsyncClient(base_url=address, trust_env=False, timeout=30, verify=no_certificates)


class EmulatorClient:
    """Speaks with the emulator at this address; an async context manager that closes itself.

    Each method raises httpx.HTTPStatusError if the emulator refuses, as for an unknown mail.
    """

    def __init__(self, address: str, *, api_key: str = "any") -> None:
        self._http = plain_client(address)
        self._api_key = api_key

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def mails(self, selection: Selection | None = None) -> list[MailSummary]:
        """List the mails that the selection asks for, the oldest first unless it says otherwise."""
        wanted = (selection or Selection()).model_dump(mode="json", exclude_defaults=True)
        return await self._ask(_MAILS, "GET", "/emulator/mails", params=wanted)

    async def mail(self, mail_id: str) -> MailView:
        """Give one mail in full."""
        return await self._ask(_MAIL, "GET", f"/emulator/mails/{mail_id}")

    async def act(self, mail_id: str, action: Action) -> Done:
        """Let something happen to a mail; raises ActionRefusedError if the mail forbids it."""
        path = f"/emulator/mails/{mail_id}/actions"
        return await self._ask(_DONE, "POST", path, sent=action)

    async def events(self, *, mail_id: str | None = None, after: int = 0) -> list[EventView]:
        """List events with how telling of each went; `after` is an event's number."""
        wanted: dict[str, str | int] = {"after": after} | ({"mail_id": mail_id} if mail_id else {})
        return await self._ask(_EVENTS, "GET", "/emulator/events", params=wanted)

    async def counts(self) -> Counts:
        """Count what was accepted, by send id, and what was told."""
        return await self._ask(_COUNTS, "GET", "/emulator/counts")

    async def drain(self, within: timedelta = timedelta(seconds=25)) -> Drained:
        """Wait until all posts to our webhooks are done, at most so long."""
        wanted = {"seconds": within.total_seconds()}
        return await self._ask(_DRAINED, "POST", "/emulator/drain", params=wanted)

    async def arm(self, fault: Fault) -> list[FaultState]:
        """Switch a fault on."""
        return await self._ask(_FAULTS, "POST", "/emulator/faults", sent=fault)

    async def faults(self) -> list[FaultState]:
        """List the faults that are switched on, with how often each struck."""
        return await self._ask(_FAULTS, "GET", "/emulator/faults")

    async def clear_faults(self) -> None:
        """Switch all faults off."""
        (await self._http.delete("/emulator/faults")).raise_for_status()

    async def switches(self) -> Switches:
        """Give the switches as they stand."""
        return await self._ask(_SWITCHES, "GET", "/emulator/switches")

    async def switch(self, wanted: Switches) -> Switches:
        """Set all switches."""
        return await self._ask(_SWITCHES, "PUT", "/emulator/switches", sent=wanted)

    async def suppressions(self) -> dict[str, list[str]]:
        """List the addresses that SendGrid would drop, with the lists that they are on."""
        return await self._ask(_LISTED, "GET", "/emulator/suppressions")

    async def forgive(self, address: str) -> None:
        """Take an address off all suppression lists."""
        (await self._http.delete(f"/emulator/suppressions/{quote(address)}")).raise_for_status()

    async def public_key(self) -> str:
        """Give the key that signs the webhooks, as SendGrid's own API shows it."""
        headers = {"Authorization": f"Bearer {self._api_key}"}
        answer = await self._http.get(
            "/v3/user/webhooks/event/settings/signed/default", headers=headers
        )
        return str(answer.raise_for_status().json()["public_key"])

    async def _ask(
        self,
        shape: TypeAdapter[Answer],
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int | float] | None = None,
        sent: Record | None = None,
    ) -> Answer:
        body = sent.model_dump_json().encode() if sent else None
        headers = {"Content-Type": "application/json"} if sent else {}
        answer = await self._http.request(
            method, path, params=params, content=body, headers=headers
        )
        if answer.status_code == httpx.codes.CONFLICT:
            raise ActionRefusedError(answer.json()["detail"])
        return shape.validate_json(answer.raise_for_status().content)
