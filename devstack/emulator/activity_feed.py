"""The Email Activity Feed: which mails SendGrid has, found by their unique arguments."""

import re
from collections import deque
from datetime import datetime, timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from devstack.emulator import problems
from devstack.emulator.answers import rate_limit_headers, refusal
from devstack.emulator.config import ActivityFeed
from devstack.emulator.emulator import Emulator
from devstack.emulator.events import sg_message_id
from devstack.emulator.keys import is_authorized
from devstack.emulator.problems import Problem
from devstack.emulator.records import JsonObject, Mail

# As seen in sendgrid-csharp issue 689: X-Ratelimit-Limit 10.
_LIMIT, _WINDOW = 10, timedelta(minutes=1)
_LARGEST_LIMIT = 1000
_QUERY = re.compile(r"\(?unique_args\['([^']+)'\]\s*=\s*\"([^\"]*)\"\)?")
_STATUS = {
    "delivered": "delivered",
    "bounce": "not_delivered",
    "dropped": "not_delivered",
    "deferred": "deferred",
}


class ActivityDesk:
    """Answers what the feed is asked, ten times a minute at most."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._asked: deque[datetime] = deque()

    def answer(self, query: str, limit: str) -> Response:
        """Give the mails that match, the latest first, or say no as SendGrid does."""
        now = self._emulator.clock()
        refused = self._refused(now)
        if refused is not None:
            return refused
        match, most = _QUERY.fullmatch(query.strip()), int(limit) if limit.isdecimal() else 0
        if match is None or not 0 < most <= _LARGEST_LIMIT:
            return refusal(HTTPStatus.BAD_REQUEST, problems.UNREADABLE_QUERY)
        found = [mail for mail in self._listed(now) if mail.custom_args.get(match[1]) == match[2]]
        return JSONResponse({"messages": [self._message(mail) for mail in found[:most]]})

    def _refused(self, now: datetime) -> Response | None:
        barred = _BARRED.get(self._emulator.switches.activity_feed)
        if barred is not None:
            return refusal(*barred)
        while self._asked and now - self._asked[0] >= _WINDOW:
            self._asked.popleft()
        if len(self._asked) < _LIMIT:
            self._asked.append(now)
            return None
        reset = (self._asked[0] + _WINDOW - now).total_seconds()
        headers = rate_limit_headers(now, reset=reset, exhausted=True)
        return refusal(HTTPStatus.TOO_MANY_REQUESTS, problems.TOO_MANY_REQUESTS, headers=headers)

    def _listed(self, now: datetime) -> list[Mail]:
        delay = timedelta(seconds=self._emulator.switches.activity_after)
        mails = reversed(self._emulator.store.mails.values())
        return [mail for mail in mails if mail.accepted_at + delay <= now]

    def _message(self, mail: Mail) -> JsonObject:
        told = [str(event.body["event"]) for event in self._emulator.store.events_of(mail)]
        known = [_STATUS[event] for event in told if event in _STATUS]
        return {
            "from_email": mail.sender.email,
            "msg_id": sg_message_id(mail),
            "subject": mail.subject,
            "to_email": mail.recipient.email,
            "status": known[-1] if known else "processed",
            "opens_count": told.count("open"),
            "clicks_count": told.count("click"),
            "last_event_time": f"{mail.sent_at:%Y-%m-%dT%H:%M:%SZ}",
        }


def add_activity_feed(router: APIRouter, emulator: Emulator) -> None:
    """Add the route of the feed."""
    desk = ActivityDesk(emulator)

    @router.get("/messages")
    async def messages(request: Request, query: str = "", limit: str = "10") -> Response:
        """Search the Email Activity Feed."""
        if not is_authorized(emulator, request):
            return refusal(HTTPStatus.UNAUTHORIZED, problems.UNAUTHORIZED)
        return desk.answer(query, limit)


# 400 without the add-on, 403 without the right (sendgrid-csharp issues 689 and 959).
_BARRED: dict[ActivityFeed, tuple[int, Problem]] = {
    ActivityFeed.NONE: (HTTPStatus.BAD_REQUEST, problems.NO_FEED),
    ActivityFeed.NO_RIGHT: (HTTPStatus.FORBIDDEN, problems.NO_RIGHT),
}
