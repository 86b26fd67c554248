"""The filter `date`: a date of a contact or an enrollment, as people of a language write it."""

from collections.abc import Iterator
from datetime import date, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from jinja2 import TemplateRuntimeError, Undefined, nodes, pass_context
from jinja2.runtime import Context

from workflows.moments.anchors import read_date

TONGUE = "_tongue"
"""The variable that holds the language of a mail's file; no template may name it."""

MOST_OF_A_PATTERN = 40

_PLAIN = "en"
_SOME_DAY = date(2000, 1, 1)


@pass_context
def dated(context: Context, value: object, pattern: str = "long") -> str:
    """Print ISO text, a date or a date and time, local as written: `May 4, 2026`.

    `pattern` is short, medium, long, full or one of CLDR's (unicode.org/reports/tr35, part 4,
    "Date Format Patterns"). TemplateRuntimeError if there is nothing to print.
    """
    if isinstance(value, Undefined):
        str(value)  # fails, and says which value is missing
    day = read_date(value) if isinstance(value, str) else None
    if day is None:
        problem = "what `| date` is to print is no date; give it one, such as 2026-05-04"
        raise TemplateRuntimeError(problem)
    return _printed(day, pattern, _locale(context.resolve(TONGUE)))


def wrong_patterns(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Find the patterns that a template writes down and that print no date: line and problem."""
    for filtered in tree.find_all(nodes.Filter):
        given = [*filtered.args, *(one.value for one in filtered.kwargs)]
        if filtered.name == "date" and len(given) == 1 and isinstance(given[0], nodes.Const):
            try:
                _printed(_SOME_DAY, given[0].value, _locale(_PLAIN))
            except TemplateRuntimeError as error:
                yield filtered.lineno, str(error)


def _printed(day: date | datetime, pattern: object, locale: Locale) -> str:
    if isinstance(pattern, str) and 0 < len(pattern) <= MOST_OF_A_PATTERN:
        try:
            return format_date(day, pattern, locale)
        except (ValueError, AttributeError, LookupError, TypeError):  # of letters that are no day's
            pass
    raise TemplateRuntimeError(
        "this is no way to print a date; write short, medium, long, full, or a pattern of at most "
        f"{MOST_OF_A_PATTERN} characters such as d MMMM"
    )


def _locale(tongue: object) -> Locale:
    tag = tongue if isinstance(tongue, str) else _PLAIN
    for known in (tag, tag.partition("-")[0]):
        try:
            return Locale.parse(known, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    raise TemplateRuntimeError(f"how dates are written in {tag} is not known; write it out")
