"""What an enrollment is per, read off its data or its contact (an order's id, say)."""

import re

from schemas.contact import Contact
from schemas.sequence import Sequence
from schemas.values import Facts
from workflows.deciding.conditions import Known, value_of


def is_key(text: str) -> bool:
    """Tell whether a text may be a key: letters, digits, dots, underscores, hyphens, up to 100."""
    return _KEY.fullmatch(text) is not None


def key_in(sequence: Sequence, contact: Contact, data: Facts) -> str | None:
    """Give the key that `key:` finds, text or a whole number; None if there is none."""
    if sequence.key is None:
        return None
    value = value_of(sequence.key, Known(contact=contact.facts(), data=data))
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
