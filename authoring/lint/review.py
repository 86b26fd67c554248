"""One sequence under review: what its rules look at, worked out once."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from authoring.language.places import Places
from authoring.language.projects import Project
from authoring.lint.facts import Named, facts_in
from authoring.lint.letters import Written, write_all
from authoring.lint.roads import Roads
from authoring.lint.walks import Walk, Walks
from authoring.loading import Loaded
from authoring.sources import Sources
from authoring.text.faults import Spot
from schemas.conditions import Condition
from schemas.content import Content
from schemas.matchers import Matcher, StepId
from schemas.sequence import Sequence
from schemas.steps import EmailStep, HandOffStep, WaitForStep


class Review:
    """A loaded sequence, those that stand beside it, and what follows from its definition."""

    def __init__(self, loaded: Loaded) -> None:
        self.sequence: Sequence = loaded.version.sequence
        self.content: Content = loaded.version.content
        self.project: Project = loaded.project
        self.places: Places = loaded.places
        self.others: tuple[Review, ...] = ()

    def beside(self, others: Iterable["Review"]) -> "Review":
        """Put it beside others, of which those of the same name are itself."""
        name = self.sequence.name
        self.others = tuple(one for one in others if one.sequence.name != name)
        return self

    @cached_property
    def roads(self) -> Roads:
        """Which steps lead to which."""
        return Roads(self.sequence)

    @cached_property
    def walks(self) -> Walks:
        """Every way through, walked."""
        return Walks(self.sequence, self.roads)

    @cached_property
    def mails(self) -> tuple[Written, ...]:
        """Each mail of each step, in each of its forms, rendered with samples."""
        return write_all(self.sequence, self.content, self.project.attributes)

    @cached_property
    def facts(self) -> tuple[tuple[Spot, Named], ...]:
        """The facts that the mails name, and where: in files, snippets and steps' subjects."""
        files = sorted(self.content.files.items())
        inner = [
            (self.file(name, f"{one.of}.{one.path}", one.line), one)
            for name, text in files
            for one in facts_in(text)
        ]
        beside = [(self.places.key("snippets"), text) for text in self.content.snippets.values()]
        for step in self.sequence.emails:
            subjects = [step.subject, *(arm.subject for arm in step.arms)]
            beside += [(self.places.step(step.id, "subject"), one) for one in subjects if one]
        return (*inner, *((at, one) for at, text in beside for one in facts_in(text)))

    @cached_property
    def is_marketing(self) -> bool:
        """Whether any mail of it is marketing."""
        return any(not email.transactional for email in self.sequence.emails)

    @cached_property
    def continues_another(self) -> bool:
        """Whether one of the others hands over to it and nothing else lets anybody in."""
        handed = any(_hands_to(other.sequence, self.sequence) for other in self.others)
        return handed and not self.sequence.triggers

    @property
    def folder(self) -> Path:
        """The sequence's own folder."""
        return Path(self.places.file).parent

    def shown(self, name: str) -> str:
        """Give the path of a file that mails are made of: here, or in the project's `shared`."""
        return Sources(self.folder, self.project.folder).shown(name)

    def file(self, name: str, text: str = "", line: int | None = None) -> Spot:
        """Give where `text` first stands in a file of the folder, from `line` on."""
        spot = Spot(file=self.shown(name), line=line or 1)
        lines = self.content.files.get(name, "").splitlines()
        for number in range(spot.line, len(lines) + 1):
            column = lines[number - 1].find(text) if text else -1
            if column >= 0:
                return spot.model_copy(update={"line": number, "column": column + 1})
        return spot

    def mail(self, written: Written, text: str = "") -> Spot:
        """Give where `text` stands in a mail: in its own file, else in one it is made of."""
        within = [written.file, *sorted(self.content.files)]
        holder = next((name for name in within if text in self.content.files.get(name, "")), None)
        return self.file(holder or written.file, text)

    @cached_property
    def audience(self) -> Condition | None:
        """Whom it is for: its own audience, or that of the one sequence that hands over to it."""
        parents = [one for one in self.others if _hands_to(one.sequence, self.sequence)]
        if self.sequence.audience is None and self.continues_another and len(parents) == 1:
            return parents[0].sequence.audience
        return self.sequence.audience

    @cached_property
    def worst_week(self) -> int:
        """The most marketing mails that one contact gets in seven days of this sequence alone.

        Each mail in `on:` is counted once, as long as the gap leaves room for it.
        """
        weeks = (
            sum(1 for at, _ in mails if start <= at < start + _WEEK)
            for mails in (self.marketing_on(walk) for walk in self.walks.usual)
            for start, _ in mails
        )
        firm = max(weeks, default=0)
        beside = sum(1 for one in self.marketing() if one.id in self.roads.beside)
        return max(firm, min(firm + beside, _WEEK.days))

    def marketing_on(self, walk: Walk) -> list[tuple[datetime, StepId]]:
        """Give when the marketing mails of a walk go, and their steps."""
        wanted = {step.id for step in self.marketing()}
        return [(mail.at, mail.step) for mail in walk.mails if mail.step in wanted]

    def marketing(self) -> Iterator[EmailStep]:
        """Give the steps that send marketing."""
        return (email for email in self.sequence.emails if not email.transactional)

    def matchers(self) -> Iterator[tuple[Spot, Matcher, StepId | None]]:
        """Give every event that is awaited, reacted to or ended by: where, which, at which step."""
        waits = (step for step in self.sequence.steps if isinstance(step, WaitForStep))
        for step in waits:
            yield from ((self.places.step(step.id), path.on, step.id) for path in step.paths)
        yield from ((self.places.key("on"), one.on, None) for one in self.sequence.reactions)
        rules = (rule.on for rule in self.sequence.exit_on if rule.on is not None)
        yield from ((self.places.key("exit_on"), on, None) for on in rules)


def _hands_to(one: Sequence, other: Sequence) -> bool:
    return any(isinstance(step, HandOffStep) and step.to == other.name for step in one.steps)


_WEEK = timedelta(days=7)
