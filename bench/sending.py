"""Where the time of one send goes, and what the emulator takes by itself."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from statistics import mean, median

from sqlalchemy import Engine, event
from typing_extensions import override

from activities.live import LiveActivities
from activities.mailing.connecting import InTime
from activities.mailing.sendgrid import Accepted, Answer, Message, SendGrid
from bench.figures import Figure, Report, Say, Size
from bench.machine import cpu_seconds
from bench.runs import new_contacts
from bench.sequences import MONDAY, mails_with_waits, version_of
from bench.servers import Servers, running
from runtime.settings import Settings
from schemas.activities import BeginRequest, SendRequest
from schemas.enrollment import EnrollmentStart
from schemas.ids import enrollment_id
from schemas.outcomes import Enrolled, Sent
from starter.addresses import build_addresses

_MAILS = 2
_POSTS_AT_ONCE = 8

_ABOUT = """One send activity after the other in one thread: the median time of each part by the
clock, the CPU time of the whole in the worker, and the round trips to PostgreSQL, counted. Every
second mail is in a thread. Then the emulator alone, the same mail posted by eight threads."""


class _Laps:
    """What is noted of one send after the other: the moments between its parts, its round trips."""

    def __init__(self, engine: Engine) -> None:
        self.moments: list[float] = []
        self.round_trips = 0
        # A checkout asks whether the connection is alive; a transaction begins and commits.
        for name, trips in {"checkout": 1, "before_cursor_execute": 1, "commit": 2}.items():
            event.listen(engine, name, self._counting(trips))
        event.listen(engine, "checkin", self.lap)

    def lap(self, *_: object) -> None:
        """Note the moment."""
        self.moments.append(time.perf_counter())

    def _counting(self, trips: int) -> Callable[..., None]:
        def count(*_: object) -> None:
            self.round_trips += trips

        return count


class _NotingSendGrid(SendGrid):
    """Notes when a post begins and ends, and the mail."""

    laps: _Laps
    last: Message

    @override
    def post(self, message: Message, in_time: InTime = lambda: True) -> Answer:
        self.last = message
        self.laps.lap()
        answer = super().post(message, in_time)
        self.laps.lap()
        return answer


async def measure(size: Size, say: Say) -> Report:
    """Send mails one by one, then post one of them as fast as the emulator takes it."""
    with running("emulator") as servers:
        record = servers.record
        sendgrid = _NotingSendGrid(record.sendgrid_api_key, record.sendgrid_url)
        sendgrid.laps = _Laps(servers.engine)
        activities = _activities(servers, sendgrid)
        requests = _requests(servers, activities, size.sends)
        say(f"sending {len(requests)} mails one by one")
        of_sends = _of_sends(activities, sendgrid.laps, requests)
        say("the emulator alone")
        of_emulator = _of_emulator(servers, sendgrid, size.sends)
    return Report(about=_ABOUT, figures=(*of_sends, *of_emulator))


def _activities(servers: Servers, sendgrid: SendGrid) -> LiveActivities:
    named = servers.record.model_dump(include=set(Settings.model_fields))
    settings = Settings.model_validate(named)
    return LiveActivities(servers.engine, sendgrid, build_addresses(settings.mailing()))


def _requests(servers: Servers, activities: LiveActivities, sends: int) -> list[SendRequest]:
    sequence = mails_with_waits(_MAILS).name
    servers.publish(version_of(mails_with_waits(_MAILS)))
    rows = [
        activities.begin_enrollment(
            BeginRequest(
                start=EnrollmentStart(sequence=sequence, contact=contact),
                workflow_id=enrollment_id(sequence, contact),
                run_id=contact,
                now=MONDAY,
            )
        )
        for contact in new_contacts(servers.engine, sends // _MAILS)
    ]
    return [
        SendRequest(
            row=row.row, step=f"mail-{number}", occurrence=1, due=MONDAY, now=MONDAY, why="due"
        )
        for row in rows
        if isinstance(row, Enrolled)
        for number in range(_MAILS)
    ]


def _of_sends(activities: LiveActivities, laps: _Laps, requests: list[SendRequest]) -> list[Figure]:
    parts: list[tuple[float, ...]] = []
    cpu: list[float] = []
    trips: list[int] = []
    for request in requests:
        laps.moments, laps.round_trips = [], 0
        laps.lap()
        own = time.thread_time()
        _check(activities.send_email(request))
        cpu.append((time.thread_time() - own) * 1_000)
        parts.append(_parts(laps.moments))
        trips.append(laps.round_trips)
    warm = len(requests) // 10
    return [
        *(
            Figure(what=name, measured=median(column) * 1_000, unit="ms")
            for name, column in zip(_PARTS, zip(*parts[warm:], strict=True), strict=True)
        ),
        Figure(what="CPU of the worker, a send", measured=mean(cpu[warm:]), unit="ms"),
        Figure(what="round trips to PostgreSQL, a first mail", measured=min(trips), unit=""),
        Figure(
            what="round trips to PostgreSQL, a mail in a thread",
            measured=max(trips[warm:]),
            unit="",
        ),
    ]


def _parts(moments: list[float]) -> tuple[float, ...]:
    # Begin, claim committed and its connection given back, post begins, post ends, recorded.
    return tuple(later - earlier for earlier, later in pairwise(moments))


def _of_emulator(servers: Servers, sendgrid: _NotingSendGrid, posts: int) -> list[Figure]:
    record = servers.record
    plain = SendGrid(record.sendgrid_api_key, record.sendgrid_url)
    before, began = cpu_seconds(servers.pids["emulator"]), time.perf_counter()
    with ThreadPoolExecutor(_POSTS_AT_ONCE) as threads:
        answers = list(threads.map(plain.post, [sendgrid.last] * posts))
    took = time.perf_counter() - began
    used = cpu_seconds(servers.pids["emulator"]) - before
    if not all(isinstance(answer, Accepted) for answer in answers):
        raise RuntimeError("The emulator refused a mail: this run measured something else.")
    return [
        Figure(what="the emulator alone", measured=posts / took, unit="POSTs a second"),
        Figure(what="the emulator alone, CPU a POST", measured=used / posts * 1_000, unit="ms"),
    ]


def _check(outcome: object) -> None:
    if not isinstance(outcome, Sent):
        raise TypeError("A mail was not sent: this run measured something else.")


_PARTS = ("claim", "compose", "POST", "record")
