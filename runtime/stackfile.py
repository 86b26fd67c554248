"""The running development stack's own record of where it listens and which keys it made."""

from pathlib import Path

from pydantic import Field

from schemas.values import Value

STATE_FOLDER = ".postroad"
STACK_FILE = "stack.json"


class StackFile(Value):
    """What `.postroad/stack.json` holds while a development stack runs; removed when it stops.

    `pid` is the process that runs the stack, `pids` names those that it started. Fields named like
    a setting stand in for it; `temporal_ui_url` and `inbox_url` are for people.
    """

    pid: int
    database_url: str = Field(repr=False)
    temporal_address: str
    temporal_namespace: str = "default"
    temporal_ui_url: str
    sendgrid_url: str
    sendgrid_api_key: str = Field(repr=False)
    inbox_url: str
    public_url: str
    api_key: str = Field(repr=False)
    token_keys: tuple[str, ...] = Field(repr=False)
    mail_domain: str
    inbound_domain: str
    inbound_path_secret: str = Field(repr=False)
    webhook_public_keys: tuple[str, ...]
    webhook_secret: tuple[str, ...] = Field(default=(), repr=False)
    private_networks: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    virtual_time: bool = True
    pids: dict[str, int] = Field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write the file below `folder`, readable by its owner only; give its path."""
        path = folder / STATE_FOLDER / STACK_FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(self.model_dump_json(indent=2), encoding="utf-8")
        return fresh.replace(path)


def find_stack_file(folder: Path) -> Path | None:
    """Give the stack file of `folder` or of the nearest folder above it, if there is one."""
    candidates = (above / STATE_FOLDER / STACK_FILE for above in (folder, *folder.parents))
    return next((path for path in candidates if path.is_file()), None)


def read_stack_file(path: Path) -> StackFile:
    """Read a stack file; raises ValueError if it is not one, OSError if it cannot be read."""
    return StackFile.model_validate_json(path.read_bytes())
