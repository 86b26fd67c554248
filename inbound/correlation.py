"""Which of our mails an incoming one answers, by all that it carries."""

import re
from collections.abc import Iterator
from uuid import UUID

from inbound.messages import IncomingMail
from inbound.tokens import Keys, read
from schemas.values import Value

REPLY_PREFIX = "r-"
"""What the local part of our reply addresses begins with, before the token."""

NOTICE_PREFIX = "notice."
"""What the ids of our mails to owners begin with: an answer to one is nobody's reply."""

_LOCAL_PART = re.compile(r"^(?:r-|reply\+)([a-z2-7]+)$", re.IGNORECASE)


class Answers(Value):
    """What a mail may answer, the surest first: our send ids, then SendGrid's message ids.

    With `to_notice` it answers a mail of ours to an owner, and so none to a contact.
    """

    sends: tuple[UUID, ...] = ()
    provider_ids: tuple[str, ...] = ()
    to_notice: bool = False


def answered(mail: IncomingMail, keys: Keys) -> Answers:
    """Give what the mail answers: by tokens in its recipients, then by ids it refers to.

    Our own Message-IDs carry the send's id; SendGrid's, which it may have put in their place,
    begin with the X-Message-Id.
    """
    lefts = {left: _uuid(left) for left in map(_left, mail.references)}
    ours = (send for send in lefts.values() if send is not None)
    theirs = (left for left, send in lefts.items() if send is None)
    named = tuple(_by_token(mail, keys))
    # A forwarded reply names our sends, too; only what was addressed to one is an answer to it.
    if not named and any(left.startswith(NOTICE_PREFIX) for left in lefts):
        return Answers(to_notice=True)
    return Answers(sends=(*named, *ours), provider_ids=tuple(theirs))


def _by_token(mail: IncomingMail, keys: Keys) -> Iterator[UUID]:
    for recipient in mail.recipients:
        found = _LOCAL_PART.match(recipient.strip().strip("<>").partition("@")[0])
        send = read(found[1], "reply", keys) if found else None
        if send is not None:
            yield send


def _left(reference: str) -> str:
    return reference.partition("@")[0]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
