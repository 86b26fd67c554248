"""The shape of a mail: Markdown made HTML, CSS inlined, plain text derived; values still marks."""

from typing import NamedTuple

from css_inline import CSSInliner, InlineError
from markdown_it import MarkdownIt

from activities.rendering.marks import is_whole, with_links
from activities.rendering.plain import plain_text
from activities.rendering.rendered import Faulty, TemplateFault

# What cannot be inlined (@media) stays in a <style>; nothing is fetched.
_INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
_MARKDOWN = MarkdownIt("commonmark").enable("table")


class Shape(NamedTuple):
    """A mail's two bodies."""

    html: str
    text: str


def html_of(markdown: str) -> str:
    """Give Markdown (CommonMark with tables; HTML may stand in it) as HTML."""
    return str(_MARKDOWN.render(with_links(markdown)))


def finished(document: str, file: str) -> Shape:
    """Give both bodies of a whole HTML document; raises Faulty, naming `file`."""
    if not is_whole(document):
        problem = "a filter changed a block that holds values"
        raise Faulty(TemplateFault(file=file, problem=problem, mend="use the filter on each value"))
    try:
        return Shape(html=_INLINER.inline(document), text=plain_text(document))
    except InlineError:
        problem = "the CSS of this mail cannot be read"
        raise Faulty(TemplateFault(file=file, problem=problem)) from None
