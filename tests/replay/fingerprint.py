"""A fingerprint of the code that orders a workflow's commands: an edit of it is loud."""

import ast
import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[2]
ORDERING = ("enrollment", "acts", "calls", "controls", "inbox", "signboard")
KEPT = Path(__file__).parent / "histories" / "fingerprint.txt"


def fingerprint() -> str:
    """Hash the syntax of the modules that order commands, without comments, layout and imports."""
    parts = (ast.dump(one) for name in ORDERING for one in _ordering(name))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _ordering(name: str) -> list[ast.stmt]:
    """Give what a module says; where the modules lie that it imports orders nothing."""
    tree = ast.parse((ROOT / "workflows" / f"{name}.py").read_text())
    return [one for one in tree.body if not isinstance(one, ast.Import | ast.ImportFrom)]
