"""Who gets what by lot: arms, spread and holdout follow from hashes, so anybody can reckon them."""

import hashlib

from schemas.steps import Arm, EmailStep

_BYTES = 8
_WHOLE = 10_000


def share(text: str) -> int:
    """Give the lot of a text: the first 8 bytes of its SHA-256 (UTF-8), big-endian."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:_BYTES])


def arm_of(
    step: EmailStep, sequence: str, contact: str, *, winner: str | None, kept: str | None
) -> Arm | None:
    """Give the arm of a step's mail for a contact (rule 22); None if the step has no arms.

    First `kept`, the arm that the contact got before, then `winner`, the one that was named, each
    while it exists; else by lot: `<sequence>|<step>|<contact>` modulo the sum of the weights falls
    on the arms in the order written.
    """
    by_name = {arm.name: arm for arm in step.arms}
    named = (by_name[name] for name in (kept, winner) if name in by_name)
    return next(named, None) or _drawn(step, sequence, contact)


def spread_minutes(sequence: str, contact: str, step: str, spread: int) -> int:
    """Give how many minutes after an opening a mail goes (rule 11); 0 for a contact without id.

    `<sequence>|<contact>|<step>` modulo `spread`, which is in minutes; 0 switches it off.
    """
    if not contact or not spread:
        return 0
    return share(f"{sequence}|{contact}|{step}") % spread


def held_out(sequence: str, contact: str, holdout: int) -> bool:
    """Tell whether a contact gets nothing of a sequence, so that others can be compared with it.

    `<sequence>|holdout|<contact>` modulo 10,000 is below `holdout`, which is in hundredths of a
    percent; a contact without an id never is.
    """
    return bool(contact) and share(f"{sequence}|holdout|{contact}") % _WHOLE < holdout


def _drawn(step: EmailStep, sequence: str, contact: str) -> Arm | None:
    whole = sum(arm.weight for arm in step.arms)
    if not whole:
        return None
    lot = share(f"{sequence}|{step.id}|{contact}") % whole
    for arm in step.arms:
        lot -= arm.weight
        if lot < 0:
            return arm
    raise AssertionError("a lot below the sum of the weights falls on an arm")
