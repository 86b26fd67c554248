"""The words and figures of the inbox pages."""

from collections.abc import Mapping
from datetime import datetime

from devstack.emulator.records import PostState
from devstack.emulator.views import EventView, MailSummary, Told

SEQUENCE, STEP = "seq_sequence", "seq_step"
"""The custom args that say where in which sequence a mail stands."""

_THOUSAND, _MILLION = 1_000, 1_000_000

_TONE_BY_STATE: Mapping[str, str] = {
    "opened": "good",
    "clicked": "good",
    "replied": "good",
    "bounced": "bad",
    "blocked": "bad",
    "dropped": "bad",
    "reported as spam": "bad",
    "unsubscribed": "warn",
    "out of office": "warn",
    "deferred": "warn",
}

_WORDS_BY_TITLE: Mapping[str, str] = {
    "reply": "replied",
    "out_of_office": "sent an out-of-office note",
    "late_report": "sent a non-delivery report",
    "one_click_unsubscribe": "one-click unsubscribe",
}


def moment(at: datetime) -> str:
    """Write a moment, such as `Mon 14 Dec 2026, 09:00 UTC`."""
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M} UTC"


def size(count: int) -> str:
    """Write a number of bytes, such as `1.2 MB`."""
    if count < _THOUSAND:
        return f"{count} bytes"
    return f"{count / _THOUSAND:.0f} kB" if count < _MILLION else f"{count / _MILLION:.1f} MB"


def tone(state: str) -> str:
    """Give the colour of a mail's state: good, bad, warn or calm."""
    return _TONE_BY_STATE.get(state, "calm")


def place(mail: MailSummary) -> str:
    """Say which step of which sequence a mail is, if its custom args tell."""
    found = (mail.custom_args.get(name) for name in (SEQUENCE, STEP))
    return " · ".join(word for word in found if word)


def told(how: Told | None) -> str:
    """Say what our webhook answered."""
    if how is None:
        return "waits for its batch"
    if how.state is PostState.NOWHERE:
        return "no webhook address is set"
    return f"{_heard(how)}{_after(how)}"


def told_tone(how: Told | None) -> str:
    """Give the colour of that answer."""
    return "calm" if how is None else _TONE_BY_POST_STATE[how.state]


def event_words(event: EventView) -> str:
    """Say what happened, with the detail that tells most."""
    details = (event.body.get(name) for name in ("url", "reason", "response"))
    detail = next((str(word) for word in details if word), "")
    name = str(event.body.get("type") or event.body["event"])
    return f"{name} — {detail}" if detail else name


def post_words(title: str) -> str:
    """Say what a recipient did."""
    return _WORDS_BY_TITLE.get(title, title)


_TONE_BY_POST_STATE: Mapping[PostState, str] = {
    PostState.WAITING: "warn",
    PostState.ANSWERED: "good",
    PostState.DROPPED: "bad",
    PostState.GIVEN_UP: "bad",
    PostState.NOWHERE: "calm",
}

_ENDS: Mapping[PostState, str] = {
    PostState.WAITING: ", will be tried again",
    PostState.DROPPED: ", not tried again",
    PostState.GIVEN_UP: ", given up",
}


def _heard(how: Told) -> str:
    if not how.attempts:
        return "on its way"
    last = how.attempts[-1]
    return last.answer if last.status is None else f"webhook answered {last.status}"


def _after(how: Told) -> str:
    tries = f", attempt {len(how.attempts)}" if len(how.attempts) > 1 else ""
    end = _ENDS.get(how.state, "") if how.attempts else ""
    return tries + end
