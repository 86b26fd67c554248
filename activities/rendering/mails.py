"""A version's mails, rendered; what does not depend on values is done once and kept."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from markupsafe import Markup, escape

from activities.rendering.layouts import with_preheader
from activities.rendering.letters import Letter, read_letter
from activities.rendering.marks import Marks
from activities.rendering.papers import (
    Paper,
    escaped,
    line_of,
    names_for,
    one_line,
    sound,
    subject_of,
    text_of,
)
from activities.rendering.rendered import (
    Faulty,
    Heading,
    Line,
    Rendered,
    Rewritten,
    TemplateFault,
    Variables,
)
from activities.rendering.shapes import finished, html_of
from activities.rendering.snippets import Snippets
from activities.rendering.templates import Templates, name_of, snippet
from activities.rendering.tongues import Chain, Tongues
from schemas.content import Content

_SHAPES = 256
_WHOLE_DOCUMENT = re.compile(r"<html\b", re.IGNORECASE)


def render(
    content: Content, email: str, *, variables: Variables, heading: Heading | None = None
) -> Rendered | TemplateFault:
    """Render one mail; to render many of one version, keep its Mails."""
    return Mails(content).render(email, variables, heading or Heading())


class Mails:
    """The mails of one version; safe to share between threads."""

    def __init__(self, content: Content) -> None:
        tongues = Tongues(content.files)
        self._content = content
        self._tongues = tongues
        self._templates = cache(lambda chain: Templates(content, tongues, chain))
        self._letter = lru_cache(_SHAPES)(
            lambda email, chain: read_letter(content, email, tongues, chain)
        )
        self._html = lru_cache(_SHAPES)(html_of)
        self._finished = lru_cache(_SHAPES)(finished)

    def letter(self, email: str, language: str | None = None) -> Letter | TemplateFault:
        """Give what the mail's front matter says, in the language nearest to the one given."""
        try:
            return self._letter(email, self._tongues.chain(language))
        except Faulty as error:
            return error.fault

    def letters(self, email: str) -> tuple[Letter | TemplateFault, ...]:
        """Give the mail as written in each language, the plain one first."""
        tags = (chain[0] if chain else None for chain in self._tongues.chains)
        return tuple(dict.fromkeys(self.letter(email, tag) for tag in tags))

    def render(
        self,
        email: str,
        variables: Variables,
        heading: Heading,
        rewritten: Rewritten | None = None,
    ) -> Rendered | TemplateFault:
        """Render one mail for one contact; `rewritten` stands for its body, and its subject."""
        chain = self._tongues.chain(variables.language)
        try:
            letter = self._letter(email, chain)
            if rewritten is not None:
                letter = letter.rewritten(rewritten)
                heading = heading if rewritten.subject is None else Heading()
            return self._rendered(self._paper(letter, chain, variables), heading, variables)
        except Faulty as error:
            return error.fault

    def names(
        self, email: str, language: str | None = None, rewritten: Rewritten | None = None
    ) -> frozenset[str]:
        """Give what a mail, its parts and snippets name; nothing of one that is at fault."""
        chain = self._tongues.chain(language)
        try:
            letter, templates = self._letter(email, chain), self._templates(chain)
            letter = letter if rewritten is None else letter.rewritten(rewritten)
            named = {name for part in _written(letter, templates) for name in templates.names(part)}
            for one in self._content.snippets.items() if "snippets" in named else ():
                named |= templates.names(name_of(snippet(*one)))
        except Faulty:
            return frozenset()
        return frozenset(named)

    def faults(self, email: str) -> tuple[TemplateFault, ...]:
        """Find what is wrong with a mail whoever gets it; values that are missing come later."""
        found = (fault for chain in self._tongues.chains for fault in self._faults(email, chain))
        return tuple(dict.fromkeys(found))

    def faults_of(self, *lines: Line) -> tuple[TemplateFault, ...]:
        """Find what is wrong with a text that is to stand for a mail's own: body and subject."""
        templates = self._templates(())
        wrong = (_fault(templates, name_of(line)) for line in lines)
        faults = tuple(fault for fault in wrong if fault)
        try:
            for line in () if faults else lines:
                templates.check_includes(line)
        except Faulty as error:
            return (error.fault,)
        return faults

    def snippet_faults(self) -> tuple[TemplateFault, ...]:
        """Find what is wrong with the snippets."""
        templates = self._templates(())
        named = (name_of(snippet(*one)) for one in self._content.snippets.items())
        return tuple(fault for name in named if (fault := _fault(templates, name)))

    def line_faults(self, line: Line) -> tuple[TemplateFault, ...]:
        """Find what is wrong with a template of one line that stands in no mail's file."""
        fault = _fault(self._templates(()), name_of(line))
        return () if fault is None else (fault,)

    def _faults(self, email: str, chain: Chain) -> Iterator[TemplateFault]:
        try:
            letter, templates = self._letter(email, chain), self._templates(chain)
            names = _written(letter, templates)
        except Faulty as error:
            yield error.fault
            return
        yield from (fault for name in names if (fault := _fault(templates, name)))

    def _paper(self, letter: Letter, chain: Chain, variables: Variables) -> Paper:
        marks, templates = Marks(), self._templates(chain)
        names = names_for(variables, self._content.postal_address, marks, letter.tongue)

        def expand(name: str, text: str) -> str:
            return templates.render(name_of(snippet(name, text)), names)

        with_snippets = {**names, "snippets": Snippets(self._content.snippets, expand)}
        return Paper(letter, templates, with_snippets, marks)

    def _rendered(self, paper: Paper, heading: Heading, variables: Variables) -> Rendered:
        letter, marks = paper.letter, paper.marks
        subject = subject_of(paper, heading)
        preheader = line_of(paper, letter.preheader)
        document = self._document(paper, subject=subject, preheader=preheader)
        shape = self._finished(document, letter.file)
        text = text_of(paper) or shape.text
        rendered = Rendered(
            subject=one_line(marks.fill(subject)),
            preheader=one_line(marks.fill(preheader)),
            html=marks.fill(with_preheader(shape.html, preheader), escaped),
            text=marks.fill(text),
        )
        return sound(rendered, letter, variables.unsubscribe_url)

    def _document(self, paper: Paper, *, subject: str, preheader: str) -> str:
        letter, templates, names = paper.letter, paper.templates, paper.names
        body = templates.render(name_of(letter.body) if letter.body else letter.file, names)
        has_footer = str(names["footer"]) in body
        if letter.is_markdown:
            body = self._html(body)
        layout = None if _WHOLE_DOCUMENT.search(body) else templates.layout(letter.layout)
        if layout is None:
            return body
        parts: dict[str, object] = {
            "body": Markup(body),  # noqa: S704 it holds marks still, no values
            "subject": escape(subject),
            "preheader": escape(preheader),
        }
        if has_footer:
            parts["footer"] = Markup()  # a mail that writes it itself has it once
        return templates.render(layout, {**names, **parts})


def _written(letter: Letter, templates: Templates) -> dict[str, None]:
    layout = templates.layout(letter.layout)
    lines = [name_of(line) for line in (letter.subject, letter.preheader) if line]
    body = name_of(letter.body) if letter.body else letter.file
    written = [name for name in (body, layout, *lines, letter.text) if name]
    return dict.fromkeys(part for name in written for part in templates.with_parts(name))


def _fault(templates: Templates, name: str) -> TemplateFault | None:
    try:
        templates.check(name)
    except Faulty as error:
        return error.fault
    return None
