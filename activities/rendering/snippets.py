"""Snippets: short texts that stand in a mail as if they were written there."""

from collections.abc import Callable, Mapping

from markupsafe import Markup


class Snippets:
    """The snippets of a version, each rendered where a mail names it."""

    __slots__ = ("_render", "_texts")

    def __init__(self, texts: Mapping[str, str], render: Callable[[str, str], str]) -> None:
        self._texts = texts
        self._render = render

    def __getitem__(self, name: str) -> Markup:
        rendered = self._render(name, self._texts[name])
        return Markup(rendered)  # noqa: S704 its author's own text, with marks still, no values
