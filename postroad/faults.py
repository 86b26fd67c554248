"""What an error that reached the top becomes: one sentence and an exit status."""

import json
import tempfile
import traceback

from postroad.printing import complain
from runtime.faults import sentence

_FAILED = 1


def report(error: Exception) -> int:
    """Say what is wrong, of a group of errors the first, in one sentence; give the exit status."""
    first = _first(error)
    complain(_file_sentence(first) or _known_sentence(first) or _unexpected(first))
    return _FAILED


def _first(error: Exception) -> Exception:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _file_sentence(error: Exception) -> str | None:
    if not isinstance(error, OSError) or error.filename is None:
        return None
    return f"{error.filename} cannot be used: {(error.strerror or 'unknown reason').lower()}"


def _known_sentence(error: Exception) -> str | None:
    return sentence(error)


def _unexpected(error: Exception) -> str:
    frames = [f"{at.filename}:{at.lineno}" for at in traceback.extract_tb(error.__traceback__)]
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="postroad-error-", suffix=".json", delete=False
    ) as log:
        json.dump({"fault": type(error).__qualname__, "in": frames}, log, indent=2)
    return (
        f"something unexpected went wrong ({type(error).__name__}): "
        f"where is in {log.name}; run it again with --debug to see all of it"
    )
