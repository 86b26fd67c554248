"""The mails of a sequence as they would look, rendered with samples by the real renderer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

from pydantic import JsonValue
from typing_extensions import override

from activities.rendering.fronts import read_front
from activities.rendering.letters import Letter
from activities.rendering.mails import Mails
from activities.rendering.rendered import (
    Heading,
    Line,
    Rendered,
    TemplateFault,
    Variables,
)
from activities.rendering.tongues import tag_of
from authoring.lint.facts import SAMPLE, facts_in, samples
from schemas.content import Content, Mailbox
from schemas.sequence import Sequence
from schemas.steps import EmailStep

UNSUBSCRIBE = "https://unsubscribe.invalid/sample"
"""What stands for the link by which a contact leaves; `.invalid` is nobody's (RFC 2606)."""


@dataclass(frozen=True)
class Tag:
    """An opening tag of a mail's HTML."""

    name: str
    given: dict[str, str]


@dataclass(frozen=True)
class Written:
    """One mail of one step, in one of its forms; `mail` is None if no samples made it one."""

    step: EmailStep
    file: str
    letter: Letter | None
    job: str
    override: str | None
    postal_address: str
    mail: Rendered | None
    faults: tuple[TemplateFault, ...] = field(default=())

    @property
    def subject(self) -> str:
        """Give the subject, with samples; empty if there is none of its own."""
        return "" if self.mail is None else self.mail.subject

    @cached_property
    def body(self) -> str:
        """Give the plain text without the footer."""
        text = "" if self.mail is None else self.mail.text
        first = self.postal_address.strip().split("\n")[0].strip()
        return text.partition(first)[0] if first else text

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """Give the tags of its HTML, without the hidden top."""
        reader = _Tags()
        reader.feed("" if self.mail is None else self.mail.html)
        reader.close()
        return tuple(reader.found)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """Give where its links lead, each once, but the one to unsubscribe."""
        led = [tag.given.get("href", "") for tag in self.tags if tag.name == "a"]
        return tuple(dict.fromkeys(link for link in led if link != UNSUBSCRIBE))


def write_all(sequence: Sequence, content: Content) -> tuple[Written, ...]:
    """Render every form of every step's mail, in every language that it is written in."""
    press = _Press(content)
    return tuple(
        press.write(step, form, subject, letter)
        for step in sequence.emails
        for form, subject in _forms(step)
        for letter in press.mails.letters(form)
    )


def _forms(step: EmailStep) -> Iterator[tuple[str, str | None]]:
    if not step.arms:
        yield step.email, step.subject
    for arm in step.arms:
        yield arm.email, arm.subject or step.subject


class _Press:
    def __init__(self, content: Content) -> None:
        self.mails = Mails(content)
        self._content = content

    def write(
        self, step: EmailStep, form: str, subject: str | None, letter: Letter | TemplateFault
    ) -> Written:
        known = letter if isinstance(letter, Letter) else None
        mail, faults = self._rendered(step, form, subject, known.file if known else "")
        return Written(
            step=step,
            file=known.file if known else form,
            letter=known,
            job=self._job(form, known),
            override=subject,
            postal_address=self._content.postal_address,
            mail=mail,
            faults=faults,
        )

    def _rendered(
        self, step: EmailStep, form: str, subject: str | None, file: str
    ) -> tuple[Rendered | None, tuple[TemplateFault, ...]]:
        heading, faults = Heading(override=subject, fallback=_FALLBACK), list[TemplateFault]()
        for value in _SAMPLES:
            variables = _variables(self._content, step, value, language=tag_of(file))
            made = self.mails.render(form, variables, heading)
            if isinstance(made, Rendered):
                return made, ()
            faults.append(made)
        return None, tuple(faults)

    def _job(self, form: str, letter: Letter | None) -> str:
        plain = self.mails.letter(form)
        files = [one.file for one in (letter, plain) if isinstance(one, Letter)]
        jobs = (read_front(file, self._content.files[file]).job for file in files)
        return next((job.text for job in jobs if job is not None), "")


def _variables(
    content: Content, step: EmailStep, value: JsonValue, *, language: str | None
) -> Variables:
    named = [one for text in content.files.values() for one in facts_in(text)]
    named += [one for text in content.snippets.values() for one in facts_in(text)]
    named += facts_in(step.subject or "")
    named += [one for arm in step.arms for one in facts_in(arm.subject or "")]
    return Variables(
        contact={
            **samples(named, "contact", value),
            **({"language": language} if language else {}),
        },
        data=samples(named, "data", value),
        key=SAMPLE,
        owner=_SOMEBODY,
        sender=_SOMEBODY,
        sequence="sample",
        step=step.id,
        unsubscribe_url=None if step.transactional else UNSUBSCRIBE,
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Tag] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Tag(tag, {name: value or "" for name, value in attrs}))


# Templates may reckon with a fact or go through it: the first samples that make a mail are taken.
_SAMPLES: tuple[JsonValue, ...] = (SAMPLE, 7, [SAMPLE])
_SOMEBODY = Mailbox(name="Kim Sample", email="kim@sample.invalid")
_FALLBACK = Line(file="thread", line=1, text=SAMPLE)
