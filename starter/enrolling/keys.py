"""What an enrollment is per: the key that its sequence says, from what was given."""

from activities.admitting.keys import is_key, key_in
from schemas.contact import Contact
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from schemas.values import Facts

_ALLOWED = (
    "a key may hold only letters, digits, dots, underscores and hyphens (at most 100), and "
    "begins with a letter or digit"
)


def key_for(
    sequence: Sequence, given: str | None, contact: Contact, facts: Facts
) -> str | Refused | None:
    """Give the key of an enrollment: by the sequence's `key:`; None if it has none.

    Refused are a value that is missing, or that cannot be a key, and a given key that differs or
    that the sequence does not ask for.
    """
    if sequence.key is None:
        return None if given is None else _needless(sequence.name)
    named = f"{sequence.name} is per {sequence.key.of}.{sequence.key.path}"
    key = key_in(sequence, contact, facts)
    if key is None:
        return Refused(reason="missing_key", message=f"{named}: give it, a text or whole number")
    if not is_key(key):
        return Refused(reason="missing_key", message=f"{named}, and {_ALLOWED}")
    return key if given in (None, key) else _other(named)


def _needless(sequence: str) -> Refused:
    message = f"{sequence} is per contact, not per anything: leave the key out"
    return Refused(reason="other_key", message=message)


def _other(named: str) -> Refused:
    message = f"{named}, and the key is another one: leave it out"
    return Refused(reason="other_key", message=message)
