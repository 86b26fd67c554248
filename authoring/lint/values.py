"""Rules about the facts that mails name."""

from collections.abc import Iterator

from authoring.language.vocabulary import AppNames
from authoring.lint.remarks import Said
from authoring.lint.review import Review
from authoring.lint.truths import parts_of
from schemas.conditions import Condition, Fact
from schemas.steps import WhenStep


def unknown_data(review: Review) -> Iterator[Said]:
    """Find facts of an enrollment that mails cannot do without and that nothing speaks of."""
    known, said = _spoken_of(review), set[tuple[str, str]]()
    for at, named in review.facts:
        first = named.path.split(".")[0]
        if named.of != "data" or named.asked or first in known or (at.file, first) in said:
            continue
        said.add((at.file, first))
        words = f"data.{named.path}"
        problem = f"`{words}` is not spoken of in sequence.yaml, and without it the mail is held"
        mend = f'write `{{{{ {words} or "…" }}}}`, or be sure that every enrollment brings it'
        yield Said(at, words, problem, mend)


def unknown_contact(review: Review) -> Iterator[Said]:
    """Find facts of the contact that the project says no contact has."""
    names, said = AppNames(attributes=review.project.attributes), set[tuple[str, str]]()
    for at, named in review.facts:
        wrong = names.slip_of_attribute(named.path) if named.of == "contact" else None
        if wrong is not None and (at.file, named.path) not in said:
            said.add((at.file, named.path))
            yield Said(at, f"contact.{named.path}", *wrong)


def _spoken_of(review: Review) -> frozenset[str]:
    sequence = review.sequence
    anchors = [email.at.anchor for email in sequence.emails if email.at]
    triggers = [one.anchor for one in sequence.triggers if one.anchor]
    cycle = [sequence.new_cycle.anchor] if sequence.new_cycle else []
    key = [sequence.key] if sequence.key else []
    parts = [part for test in _conditions(review) for part in parts_of(test)]
    facts = [*anchors, *triggers, *cycle, *key, *(one for one in parts if isinstance(one, Fact))]
    return frozenset(one.path.split(".")[0] for one in facts if one.of == "data")


def _conditions(review: Review) -> Iterator[Condition | None]:
    sequence = review.sequence
    yield sequence.audience
    yield from (rule.when for rule in sequence.exit_on)
    yield from (trigger.when for trigger in sequence.triggers)
    yield from (step.test for step in sequence.steps if isinstance(step, WhenStep))
    yield from (matcher.where for _, matcher, _ in review.matchers())
