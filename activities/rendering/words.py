"""One line of words for an owner, rendered as a subject is."""

from activities.rendering.mails import render
from activities.rendering.rendered import Heading, TemplateFault, Variables
from schemas.content import Content

_NAME = "notice"


def words_of(text: str, content: Content, variables: Variables) -> str | TemplateFault:
    """Render a template of one line that may name what mails may, snippets included."""
    paper = Content(files={f"{_NAME}.md": "."}, sender=variables.sender, snippets=content.snippets)
    rendered = render(paper, _NAME, variables=variables, heading=Heading(override=text))
    return rendered if isinstance(rendered, TemplateFault) else rendered.subject
