"""What differs between two versions of a sequence: steps, files, keys."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from schemas.sequence import Sequence
from schemas.steps import AnyStep, NotifyStep, WaitForStep, WhenStep
from schemas.values import Value
from schemas.version import Version


class ChangedStep(Value):
    """A step that both versions have, and the keys that say something else."""

    step: str
    keys: tuple[str, ...]


class ChangedFile(Value):
    """A file whose text differs: how many lines are more, and how many fewer."""

    file: str
    added: int
    removed: int


class Changes(Value):
    """All that differs; `keys` are those of the sequence as a whole."""

    steps_added: tuple[str, ...] = ()
    steps_removed: tuple[str, ...] = ()
    steps_changed: tuple[ChangedStep, ...] = ()
    reordered: bool = False
    files: tuple[ChangedFile, ...] = ()
    keys: tuple[str, ...] = ()


def changes_between(old: Version, new: Version) -> Changes:
    """Compare two versions of a sequence."""
    before, after = old.sequence.step_by_id, new.sequence.step_by_id
    kept = [step for step in after if step in before]
    return Changes(
        steps_added=tuple(step for step in after if step not in before),
        steps_removed=tuple(step for step in before if step not in after),
        steps_changed=tuple(_changed_steps(old.sequence, new.sequence, kept)),
        reordered=kept != [step for step in before if step in after],
        files=tuple(_changed_files(old.content.files, new.content.files)),
        keys=tuple(_changed_keys(old, new)),
    )


def _changed_steps(old: Sequence, new: Sequence, kept: list[str]) -> Iterator[ChangedStep]:
    for step in kept:
        before, after = _said(old.step_by_id[step]), _said(new.step_by_id[step])
        keys = _differing(before, after)
        if keys:
            named = {_KEY_OF_STEP.get(key, key) for key in keys}
            yield ChangedStep(step=step, keys=tuple(sorted(named)))


def _said(step: AnyStep) -> dict[str, object]:
    # What follows a step changes with its neighbours, and says nothing of itself.
    dumped = step.model_dump(mode="json", exclude={"next", "then", "otherwise"})
    if isinstance(step, WhenStep):
        dumped.pop("text")
    if isinstance(step, NotifyStep):
        dumped["notify"] = dumped.pop("text")
    if isinstance(step, WaitForStep):
        dumped["paths"] = [path["on"] for path in dumped["paths"]]
    return dumped


def _changed_files(old: dict[str, str], new: dict[str, str]) -> Iterator[ChangedFile]:
    for file in sorted({*old, *new}):
        before, after = old.get(file, ""), new.get(file, "")
        if before != after or (file in old) != (file in new):
            added, removed = _lines(before.splitlines(), after.splitlines())
            yield ChangedFile(file=file, added=added, removed=removed)


def _lines(before: list[str], after: list[str]) -> tuple[int, int]:
    moves = [
        move
        for move in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if move[0] != "equal"
    ]
    return sum(move[4] - move[3] for move in moves), sum(move[2] - move[1] for move in moves)


def _changed_keys(old: Version, new: Version) -> list[str]:
    hidden = {"name", "steps", "first", "contact_facts", "listens_to"}
    sequences = [one.sequence.model_dump(mode="json", exclude=hidden) for one in (old, new)]
    contents = [one.content.model_dump(mode="json", exclude={"files"}) for one in (old, new)]
    found = {*_differing(*sequences), *_differing(*contents)}
    return sorted({_KEY.get(key, key) for key in found})


def _differing(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return [key for key in {**before, **after} if before.get(key) != after.get(key)]


_KEY_OF_STEP = {
    "transactional": "kind",
    "windowed": "window",
    "arms": "variants",
    "test": "when",
    "kind": "kind of step",
    "paths": "wait_for",
    "values": "set",
    "to": "hand_off",
    "ending": "exit",
}
_KEY = {
    "window": "send_window",
    "reactions": "on",
    "triggers": "enroll_on",
    "turns": "exclusive",
    "sender": "from",
    "senders": "from",
    "mailboxes": "senders",
    "sender_fallback": "from_fallback",
}
