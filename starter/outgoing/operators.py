"""What operators are told by a notice: by mail, or posted as a webhook, as the project says."""

from datetime import datetime
from html import escape

from sqlalchemy import Connection

from schemas.content import Mailbox
from schemas.values import Facts, Value
from storage import notices
from storage.notices import NewNotice

EVENT_TYPE = "postroad.breaker"
"""What the `type` of a webhook's body says."""


class News(Value):
    """What happened, once per `mark`: in a line, in full, and as fields for a program."""

    mark: str
    at: datetime
    what: str
    more: str
    fields: Facts


def tell_operators(connection: Connection, to: str | None, news: News) -> None:
    """Lay out what operators are told, at an address or a URL; a mark that is known is told once.

    Without either nobody is told: `postroad brakes` shows it.
    """
    if to is None:
        return
    is_url = to.startswith("https://")
    notice = NewNotice(
        natural_key=news.mark,
        kind="webhook" if is_url else "owner_mail",
        at=news.at,
        payload=_posted(to, news) if is_url else _letter(to, news),
    )
    notices.lay_out(connection, notice)


def _posted(url: str, news: News) -> Facts:
    body: Facts = {
        "id": f"msg_{news.mark}",
        "type": EVENT_TYPE,
        "at": f"{news.at:%Y-%m-%dT%H:%M:%SZ}",
        "what": news.what,
        "more": news.more,
    }
    return {"url": url, "body": {**body, **news.fields}}


def _letter(to: str, news: News) -> Facts:
    words = (news.what, news.more, _WHY)
    said = "".join(f"<p>{escape(one)}</p>" for one in words)
    return {
        "to": Mailbox(email=to).model_dump(),
        "subject": news.what,
        "text": "\n\n".join([news.what, news.more, f"-- \n{_WHY}"]) + "\n",
        "html": f"<html><body>{said}</body></html>",
    }


_WHY = "Postroad sends you this because `notify` of `breakers` in postroad.yaml names you."
