"""The people of the demo: each mail that comes sets off what the script says, at its moment."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from devstack.demo.acting import Cue, perform
from devstack.demo.deeds import QUIET, TOLD_BY_DOES, Deed
from devstack.demo.stage import Stage
from devstack.emulator.selection import Selection
from devstack.emulator.views import MailSummary
from inbound.events import NOTICE_ID

_AT_ONCE = 16
_ALL = 10_000


class People:
    """Reads the emulator's inbox and acts by the script."""

    def __init__(self, stage: Stage, script: Iterable[Deed]) -> None:
        self._stage = stage
        self._deeds: dict[tuple[str, str], list[Deed]] = {}
        for deed in script:
            self._deeds.setdefault((deed.who, deed.mail), []).append(deed)
        self._mails: dict[tuple[str, str], MailSummary] = {}
        self._last = 0
        self._cues: list[Cue] = []

    async def act(self, until: datetime) -> list[Cue]:
        """Do all that is to be done up to the virtual moment `until`; give what anyone notices."""
        await self._read()
        due = [cue for cue in self._cues if cue.at <= until]
        self._cues = [cue for cue in self._cues if cue.at > until]
        turns = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._in_turn(turns, cues) for cues in _by_person(due)))
        return sorted((cue for cue in due if cue.deed.does not in QUIET), key=attrgetter("at"))

    async def _in_turn(self, turns: asyncio.Semaphore, cues: list[Cue]) -> None:
        async with turns:
            for cue in cues:
                await perform(self._stage, cue)

    async def _read(self) -> None:
        for mail in await self._stage.emulator.mails(Selection(after=self._last, limit=_ALL)):
            self._last = max(self._last, mail.number)
            if NOTICE_ID in mail.custom_args:
                continue
            who, step = _person(mail), mail.custom_args["seq_step"]
            self._mails[who, step] = mail
            self._cues += [self._cue(deed, mail) for deed in self._deeds.get((who, step), ())]

    def _cue(self, deed: Deed, mail: MailSummary) -> Cue:
        about = mail if deed.to is None else self._mails[deed.who, deed.to]
        return Cue(deed=deed, at=mail.sent_at + deed.after, mail=about)


def told(cue: Cue) -> str:
    """Tell what someone did, in words."""
    name = cue.mail.recipient.name or cue.mail.recipient.email
    return f"{name} {TOLD_BY_DOES[cue.deed.does]} {cue.mail.custom_args['seq_step']}"


def _person(mail: MailSummary) -> str:
    return mail.recipient.email.casefold().rpartition("@")[0]


def _by_person(cues: Iterable[Cue]) -> list[list[Cue]]:
    by_person: dict[str, list[Cue]] = {}
    for cue in sorted(cues, key=attrgetter("at")):
        by_person.setdefault(cue.deed.who, []).append(cue)
    return list(by_person.values())
