"""Jinja2 as mails may use it: sandboxed, strict about names, with bounded loops and filters."""

import re
from collections.abc import Callable, Iterator, MutableMapping
from difflib import get_close_matches
from typing import NamedTuple

from jinja2 import (
    FunctionLoader,
    Template,
    TemplateSyntaxError,
    Undefined,
    meta,
    nodes,
    pass_context,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from typing_extensions import override

from activities.rendering.bounds import (
    OURS,
    added,
    bounded,
    check_replacing,
    counting,
    measured,
    spend,
    spend_on,
)
from activities.rendering.dates import dated, wrong_patterns
from activities.rendering.marks import Marks
from activities.rendering.records import Missing
from activities.rendering.rendered import Faulty, TemplateFault

MARKS = "_marks"
"""The variable that holds a mail's marks; no template may name it."""

NAMES = frozenset(
    (
        *("contact", "data", "key", "owner", "sender", "sequence", "step"),
        *("unsubscribe_url", "postal_address", "footer", "snippets"),
    )
)
"""What every template may name."""

LAYOUT_NAMES = NAMES | {"body", "subject", "preheader"}

_FILTERS = frozenset(
    (
        *("abs", "capitalize", "count", "d", "default", "first", "float", "int", "join"),
        *("last", "length", "list", "lower", "max", "min", "replace", "reverse", "round"),
        *("sort", "sum", "title", "trim", "truncate", "unique", "upper", "urlencode"),
    )
)
# Each can make a text, or bytes, of any length from a number.
_GROWING = frozenset(
    (
        *("center", "encode", "expandtabs", "format", "format_map", "join", "ljust", "rjust"),
        *("to_bytes", "translate", "zfill"),
    )
)


# What is quoted (`raw`) or a comment is found first, so that it is left alone. `+%}` is Jinja2's
# sign against `trim_blocks` (jinja.palletsprojects.com, "Whitespace Control").
_INCLUDES = re.compile(
    r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\b|\{#.*?#\}|(\{%[-+]?\s*include\b[^%]*(?<![-+]))%\}",
    re.DOTALL,
)


class MailEnvironment(ImmutableSandboxedEnvironment):
    """Renders values as marks; has no globals, no unsafe filters and no arithmetic on text."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, load: Callable[[str], tuple[str, str]]) -> None:
        super().__init__(
            undefined=Missing,
            autoescape=True,
            finalize=_marked,
            trim_blocks=True,
            lstrip_blocks=True,
            loader=FunctionLoader(lambda name: (*load(name), None)),
        )
        self.globals.clear()
        known = {name: _bounded(name, self.filters[name]) for name in _FILTERS}
        self.filters = {**known, **OURS, "date": dated}

    @override
    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Let an `include` keep the end of its line, which `trim_blocks` takes from blocks."""
        text = _INCLUDES.sub(lambda found: f"{found[1]}+%}}" if found[1] else found[0], source)
        return super().preprocess(text, name, filename)

    @override
    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        numbers = all(isinstance(side, int | float) for side in (left, right))
        if operator == "**" or (operator != "+" and not numbers):
            raise SecurityError(f"`{operator}` works on plain numbers only")
        added(left, right)
        return super().call_binop(context, operator, left, right)

    @override
    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        if isinstance(obj, str | int) and attr in _GROWING:
            return False
        return super().is_safe_attribute(obj, attr, value)

    @override
    def wrap_str_format(self, value: object) -> Callable[..., str] | None:
        if super().wrap_str_format(value) is not None:
            raise SecurityError("`format` is not for mails: write the value out")
        return None

    @override
    def call(self, context: Context, obj: object, /, *args: object, **kwargs: object) -> object:
        spend_on(*args, *kwargs.values())
        of = getattr(obj, "__self__", None)
        if isinstance(of, str) and getattr(obj, "__name__", "") == "replace":
            check_replacing(of, *args)
        return measured(super().call(context, obj, *args, **kwargs))

    @override
    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, object] | None = None,
    ) -> Template:
        spend(1)
        return super().get_template(name, parent, globals)

    @override
    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return counting(super()._parse(source, name, filename))


def _bounded(name: str, original: Callable[..., object]) -> Callable[..., object]:
    is_passed = hasattr(original, "jinja_pass_arg")
    return bounded(name, original, at=1 if is_passed else 0)


class Known(NamedTuple):
    """What a template may name, and which snippets there are (None: that is not known yet)."""

    names: frozenset[str]
    snippets: frozenset[str] | None = frozenset()


def check_names(environment: MailEnvironment, source: str, file: str, known: Known) -> None:
    """Raise Faulty if the template names what does not exist; TemplateSyntaxError if it is none."""
    tree = environment.parse(source, filename=file)
    try:
        unknown = meta.find_undeclared_variables(tree) - known.names
    except TemplateSyntaxError as error:
        error.filename = file  # Jinja2 does not say it of a filter that does not exist
        raise
    for node in tree.find_all(nodes.Name):
        if node.name in unknown:
            raise Faulty(_unknown(file, node, known.names))
    _check_people(tree, file)
    for line, problem in wrong_patterns(tree):
        raise Faulty(TemplateFault(file=file, line=line, problem=problem))
    _check_snippets(tree, file, known.snippets)


def names_in(environment: MailEnvironment, source: str) -> set[str]:
    """Give the names that a template uses and does not set itself."""
    return meta.find_undeclared_variables(environment.parse(source))


def includes_in(environment: MailEnvironment, source: str) -> set[str | None]:
    """Give the files that a template includes; None stands for a name that is worked out."""
    return set(meta.find_referenced_templates(environment.parse(source)))


def _check_people(tree: nodes.Template, file: str) -> None:
    for named in tree.find_all(nodes.Getattr):
        of = named.node.name if isinstance(named.node, nodes.Name) else ""
        if of in _PEOPLE and named.attr not in _OF_PERSON:
            near = get_close_matches(named.attr, _OF_PERSON, 1)
            has = f"{of} has {', '.join(_OF_PERSON)}"
            mend = f"did you mean {of}.{near[0]}?" if near else has
            problem = f"{of}.{named.attr} does not exist"
            raise Faulty(TemplateFault(file=file, line=named.lineno, problem=problem, mend=mend))


def _check_snippets(tree: nodes.Template, file: str, known: frozenset[str] | None) -> None:
    for line, name in _snippets_in(tree):
        if known is not None and name not in known:
            raise Faulty(_unknown_snippet(file, line, name, known))


def _snippets_in(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    for named in tree.find_all(nodes.Getattr):
        if isinstance(named.node, nodes.Name) and named.node.name == "snippets":
            yield named.lineno, named.attr
    for item in tree.find_all(nodes.Getitem):
        of, name = item.node, item.arg
        if isinstance(of, nodes.Name) and of.name == "snippets" and isinstance(name, nodes.Const):
            yield item.lineno, str(name.value)


def _unknown_snippet(file: str, line: int, name: str, known: frozenset[str]) -> TemplateFault:
    near = get_close_matches(name, known, 1)
    there = f"there are {', '.join(sorted(known))}" if known else "there are none"
    mend = f"did you mean snippets.{near[0]}?" if near else f"{there}: write it under `snippets:`"
    problem = f"there is no snippet {name}"
    return TemplateFault(file=file, line=line, problem=problem, mend=mend)


def _unknown(file: str, node: nodes.Name, known: frozenset[str]) -> TemplateFault:
    near = get_close_matches(node.name, known, 1)
    if node.name in _OF_CONTACT:
        near = [f"contact.{node.name}"]
    mend = f"did you mean {near[0]}?" if near else f"a mail may name {', '.join(sorted(known))}"
    problem = f"{node.name} does not exist"
    return TemplateFault(file=file, line=node.lineno, problem=problem, mend=mend)


_PEOPLE = ("sender", "owner")
_OF_PERSON = ("name", "first_name", "email")
_OF_CONTACT = ("first_name", "last_name", "email", "company", "country", "language", "timezone")


# With the context as an argument Jinja2 calls it when rendering, never once when compiling.
@pass_context
def _marked(context: Context, value: object) -> str:
    if isinstance(value, Markup):
        return value
    if isinstance(value, Undefined):
        return str(value)  # fails, but for the missing `else` of an inline `if`, which is nothing
    marks = context.resolve(MARKS)
    if not isinstance(marks, Marks):
        raise SecurityError("import a file of macros `with context`")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise SecurityError("only text and numbers can be shown; name one value of it")
    return marks.mark(str(value))
