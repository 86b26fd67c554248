"""What a trigger asks for: the start of an enrollment, or why there can be none."""

import json
from datetime import datetime
from hashlib import sha256

from activities.keys import is_key, key_in
from activities.triggering.standing import Standing
from schemas.contact import Contact
from schemas.values import Facts, cut
from storage.starts import NewStart


def asked(standing: Standing, contact: Contact, cause: str, data: Facts, at: datetime) -> NewStart:
    """Make the start that a `cause` makes once; a key that is missing or odd refuses it.

    The cause holds for all triggers of the sequence: two that see the same one enroll once.
    """
    key = key_in(standing.sequence, contact, data)
    fault = _fault(standing, key)
    return NewStart(
        natural_key=_natural_key(standing.sequence.name, contact.id, cause),
        sequence=standing.sequence.name,
        trigger=standing.row.mark,
        contact_id=contact.id,
        key=key if fault is None else None,
        data=data,
        at=cut(at),
        source=standing.source,
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
