"""Workflow ids: one live enrollment per sequence, contact and key."""

import re

_ALLOWED = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")


def enrollment_id(sequence: str, contact: str, key: str | None = None) -> str:
    """Give the workflow id `<sequence>.<contact>[.<key>]`.

    Raises ValueError if a part has another character than `[A-Za-z0-9._-]` or over 100 of them:
    a slash or a colon breaks paths in Temporal's tools, and an address never belongs in an id.
    """
    parts = [sequence, contact] if key is None else [sequence, contact, key]
    for part in parts:
        if not _ALLOWED.match(part):
            raise ValueError(
                "an enrollment's sequence, contact id and key may hold only letters, digits, "
                "dots, underscores and hyphens (at most 100); use the contact's id, not its address"
            )
    return ".".join(parts)
