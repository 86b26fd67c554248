"""By what a mail may be put beside one of ours: tokens in its addresses, ids it refers to."""

import re
from email.message import Message

from inbound.mime import addresses, message_ids
from schemas.values import Value

_TO = (
    "To",
    "Cc",
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Forwarded-To",
)
_LOCAL_PART = re.compile(r"^(?:r-|reply\+|unsubscribe[-+])([a-z2-7]{44})@", re.IGNORECASE)
_MOST = 50


class Correlation(Value):
    """The tokens in the addresses that it was written to, and the ids of mails before it."""

    tokens: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()


def correlation(message: Message, returned: Message | None) -> Correlation:
    """Give what the mail, or the one that it returns, can be known by."""
    to = [one for one in addresses(message, *_TO) if "@" in one]
    found = (_LOCAL_PART.match(one) for one in to)
    tokens = dict.fromkeys(one[1].lower() for one in found if one)
    ids = [*message_ids(message, "In-Reply-To"), *reversed(message_ids(message, "References"))]
    ids += message_ids(message, "Original-Message-ID")
    if returned is not None:
        ids = [*message_ids(returned, "Message-ID"), *ids, *message_ids(returned, "References")]
    return Correlation(tokens=tuple(tokens), message_ids=tuple(dict.fromkeys(ids))[:_MOST])
