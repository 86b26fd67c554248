"""What a failed template says to the person who mends it, without any value."""

from traceback import walk_tb

from jinja2 import TemplateError, TemplateSyntaxError

from activities.rendering.rendered import TemplateFault

FAILURES = (
    *(TemplateError, ArithmeticError, AssertionError, LookupError, MemoryError, RecursionError),
    *(SyntaxError, TypeError, ValueError),
)
"""What rendering a template may raise."""


def fault_of(error: Exception, file: str) -> TemplateFault:
    """Give the fault behind an error of Jinja2 or of an expression, in `file` or what it includes.

    Errors of an expression are named by their kind only: their words may quote a value.
    """
    if isinstance(error, TemplateSyntaxError):
        place = error.filename or file
        words = _sentence(error)
        mend = next((mend for start, mend in _MENDS if words.startswith(start)), "")
        return TemplateFault(file=place, line=error.lineno, problem=words, mend=mend)
    place, line = _place(error, file)
    if isinstance(error, TemplateError):
        return TemplateFault(file=place, line=line, problem=_sentence(error))
    problem = f"an expression here cannot be worked out ({type(error).__name__})"
    return TemplateFault(file=place, line=line, problem=problem)


def _sentence(error: TemplateError) -> str:
    first = (error.message or type(error).__name__).splitlines()[0].rstrip(".")
    return first[:1].lower() + first[1:]


def _place(error: Exception, file: str) -> tuple[str, int | None]:
    # Jinja2 rewrites tracebacks so that a template's frames carry its own file and line.
    frames = [
        (str(frame.f_globals["__file__"]), line)
        for frame, line in walk_tb(error.__traceback__)
        if "__jinja_exception__" in frame.f_globals
    ]
    return frames[-1] if frames else (file, None)


_CLOSE = "close it as `{{ … }}` or `{% … %}`"
_MENDS = (
    ("unexpected '}'", _CLOSE),
    ("unexpected end of template, expected 'end of", _CLOSE),
    ("unexpected end of template. Jinja was looking", "write `{% endif %}` or `{% endfor %}`"),
    ("encountered unknown tag 'end", "remove it, or write what it closes before it"),
    ("no filter named", 'remove it; `{{ contact.first_name or "there" }}` needs none'),
)
