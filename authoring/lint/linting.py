"""Judging loaded sequences by every rule."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from authoring.lint.remarks import Remark, Rule
from authoring.lint.review import Review
from authoring.lint.rules import ABOUT, BROKEN, IDLE_SILENCE, RULES
from authoring.lint.silences import silenced, silences_in
from authoring.loading import Loaded
from authoring.text.faults import Faults


def lint(loaded: Loaded, others: Iterable[Loaded] = (), written: str = "") -> tuple[Remark, ...]:
    """Judge a sequence by every rule, in order of file and place.

    `others` are the sequences that a contact may be in besides; `written` is the text of its
    `sequence.yaml`, which may silence rules, as its mails may.
    """
    review = Review(loaded)
    return judge(review.beside(Review(one) for one in others), written)


def judge(review: Review, written: str) -> tuple[Remark, ...]:
    """Judge a sequence that has been put beside its others; as `lint`."""
    remarks = sorted(_judged(review), key=_order)
    texts = {review.places.file: written}
    texts |= {review.shown(name): text for name, text in review.content.files.items()}
    heard = silenced(dict.fromkeys(remarks), silences_in(texts), ABOUT, IDLE_SILENCE)
    return tuple(sorted((one for one in heard if _is_own(review, one)), key=_order))


def broken(faults: Faults) -> tuple[Remark, ...]:
    """Give what the loader refuses as remarks."""
    return tuple(
        Remark(
            rule=BROKEN,
            level="error",
            at=fault.at,
            text=fault.text,
            problem=fault.problem,
            mend=fault.mend,
        )
        for fault in faults.faults
    )


def _judged(review: Review) -> Iterator[Remark]:
    for rule in RULES:
        yield from _by(rule, review)


def _by(rule: Rule, review: Review) -> Iterator[Remark]:
    for said in rule.judge(review):
        text = said.text if len(said.text) <= _LONGEST_TEXT else f"{said.text[:_LONGEST_TEXT]}…"
        yield Remark(
            rule=rule.id,
            level=rule.level,
            at=said.at,
            text=text,
            problem=said.problem,
            mend=said.mend,
        )


def _is_own(review: Review, remark: Remark) -> bool:
    # What is silenced in a shared file may be so for another sequence's sake.
    within = Path(remark.at.file).is_relative_to(review.folder)
    return remark.rule != IDLE_SILENCE or within


def _order(remark: Remark) -> tuple[str, int, int, str]:
    return remark.at.file, remark.at.line, remark.at.column, remark.rule


_LONGEST_TEXT = 80
