"""What a trigger asks for: the start of an enrollment, or why there can be none."""

import json
from datetime import datetime
from hashlib import sha256

from pydantic import Field

from activities.admitting.keys import is_key, key_in
from activities.triggering.standing import Standing
from schemas.contact import Contact
from schemas.values import Facts, Value, cut
from storage.entering.starts import NewStart


class Cause(Value):
    """What makes a start, by a name that it has for all triggers; when, and with what data."""

    mark: str
    at: datetime
    data: Facts = Field(default_factory=dict)


def asked(standing: Standing, contact: Contact, cause: Cause) -> NewStart:
    """Make the start that a cause makes once; a key that is missing or odd refuses it.

    Two triggers of a sequence that see the same cause enroll once.
    """
    key = key_in(standing.sequence, contact, cause.data)
    fault = _fault(standing, key)
    return NewStart(
        natural_key=_natural_key(standing.sequence.name, contact.id, cause.mark),
        sequence=standing.sequence.name,
        trigger=standing.row.mark,
        contact_id=contact.id,
        key=key if fault is None else None,
        data=cause.data,
        at=cut(cause.at),
        source=standing.source,
        patience=_PATIENCE_BY_KIND.get(standing.trigger.kind, 1),
        refused=None if fault is None else "missing_key",
        message=fault,
    )


def _fault(standing: Standing, key: str | None) -> str | None:
    per = standing.sequence.key
    if per is None or (key is not None and is_key(key)):
        return None
    named = f"{standing.sequence.name} is per {per.of}.{per.path}"
    if key is None:
        return f"{named}, which is missing, or neither a text nor a whole number"
    return (
        f"{named}, and a key holds only letters, digits, dots, underscores and hyphens "
        "(at most 100), and begins with a letter or digit"
    )


def _natural_key(sequence: str, contact: str, cause: str) -> str:
    return sha256(json.dumps([sequence, contact, cause]).encode()).hexdigest()


# A date that begins a new cycle ends the enrollment of the one before (rule 9), soon.
_PATIENCE_BY_KIND = {"near": 6}
