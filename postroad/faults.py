"""What an error that reached the top becomes: one sentence and an exit status."""

import json
import tempfile
import traceback
from pathlib import Path

from postroad.printing import complain
from runtime.faults import sentence

_FAILED = 1
_LOG = "postroad-errors.log"


def report(error: Exception) -> int:
    """Say what is wrong in one sentence; give the exit status."""
    complain(_file_sentence(error) or _known_sentence(error) or _unexpected(error))
    return _FAILED


def _file_sentence(error: Exception) -> str | None:
    if not isinstance(error, OSError) or error.filename is None:
        return None
    return f"{error.filename} cannot be used: {(error.strerror or 'unknown reason').lower()}"


def _known_sentence(error: Exception) -> str | None:
    return sentence(error)


def _unexpected(error: Exception) -> str:
    log = Path(tempfile.gettempdir()) / _LOG
    frames = [f"{at.filename}:{at.lineno}" for at in traceback.extract_tb(error.__traceback__)]
    with log.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"fault": type(error).__qualname__, "in": frames}) + "\n")
    return (
        f"something unexpected went wrong ({type(error).__name__}): "
        f"where is in {log}; run it again with --debug to see all of it"
    )
