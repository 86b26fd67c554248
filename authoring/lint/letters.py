"""The mails of a sequence as they would look, rendered with samples by the real renderer."""

from collections.abc import Iterator, Mapping
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
from authoring.language.vocabulary import AttributeType
from authoring.lint.samples import NUMBER, SAMPLE, Samples, samples_in
from schemas.content import Content, Mailbox
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.values import Facts

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


def write_all(
    sequence: Sequence, content: Content, attributes: Mapping[str, AttributeType] | None = None
) -> tuple[Written, ...]:
    """Render every form of every step's mail, in every language that it is written in.

    `attributes` are the types of the contacts' attributes, where the project says them.
    """
    press = _Press(content, samples_in(_templates(sequence, content), attributes))
    return tuple(
        press.write(step, form, subject, letter)
        for step in sequence.emails
        for form, subject in _forms(step)
        for letter in press.mails.letters(form)
    )


def _templates(sequence: Sequence, content: Content) -> Iterator[str]:
    yield from (*content.files.values(), *content.snippets.values())
    for step in sequence.emails:
        yield from filter(None, (step.subject, *(arm.subject for arm in step.arms)))


def _forms(step: EmailStep) -> Iterator[tuple[str, str | None]]:
    if not step.arms:
        yield step.email, step.subject
    for arm in step.arms:
        yield arm.email, arm.subject or step.subject


class _Press:
    def __init__(self, content: Content, samples: Samples) -> None:
        self.mails = Mails(content)
        self._content, self._samples = content, samples

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
        for plain in _PLAIN:
            variables = self._variables(step, plain, tag_of(file))
            made = self.mails.render(form, variables, heading)
            if isinstance(made, Rendered):
                return made, ()
            faults.append(made)
        return None, tuple(faults)

    def _variables(self, step: EmailStep, plain: JsonValue, language: str | None) -> Variables:
        spoken: Facts = {"language": language} if language else {}
        return Variables(
            contact={**self._samples.of("contact", plain), **spoken},
            data=self._samples.of("data", plain),
            key=SAMPLE,
            owner=_SOMEBODY,
            sender=_SOMEBODY,
            sequence="sample",
            step=step.id,
            unsubscribe_url=None if step.transactional else UNSUBSCRIBE,
        )

    def _job(self, form: str, letter: Letter | None) -> str:
        plain = self.mails.letter(form)
        files = [one.file for one in (letter, plain) if isinstance(one, Letter)]
        jobs = (read_front(file, self._content.files[file]).job for file in files)
        return next((job.text for job in jobs if job is not None), "")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Tag] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Tag(tag, {name: value or "" for name, value in attrs}))


# How a fact is used may be hidden (in a `set`, say): the first samples that make a mail are taken.
_PLAIN: tuple[JsonValue, ...] = (SAMPLE, NUMBER, [SAMPLE])
_SOMEBODY = Mailbox(name="Kim Sample", email="kim@sample.invalid")
_FALLBACK = Line(file="thread", line=1, text=SAMPLE)
