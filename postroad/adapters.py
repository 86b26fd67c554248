"""`postroad adapters`: which services may post to us, and what a payload of theirs would mean."""

from pathlib import Path
from typing import Annotated

import typer

from inbound.adapting.reading import Malformed, Meant, Reading, meaning, parse
from postroad.printing import AsJson, Side, refuse, say, show_json, show_rows
from postroad.words import pairs
from runtime.settings import load_settings
from starter.adapters.loading import Adapters, load_adapters

_COLUMNS: dict[str, Side] = {"adapter": "left", "secret": "left", "events": "left", "what": "left"}


def list_adapters(*, as_json: AsJson = False) -> None:
    """List the services whose webhooks are understood, and whether a secret is set."""
    found = load_adapters(load_settings())
    if as_json:
        show_json({name: adapter.model_dump() for name, adapter in found.by_name.items()})
    else:
        show_rows(_COLUMNS, (_cells(found, name) for name in sorted(found.by_name)))


def try_adapter(
    name: Annotated[str, typer.Argument(help="The adapter, as `postroad adapters list` names it.")],
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE.json", help="A payload.", exists=True, dir_okay=False),
    ],
    header: Annotated[
        list[str] | None,
        typer.Option("--header", metavar="NAME=VALUE", help="A header that comes with it."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Tell what a payload would do, without doing it: nothing is verified and nothing saved."""
    adapter = load_adapters(load_settings()).by_name.get(name)
    if adapter is None:
        refuse(f"there is no adapter {name}: `postroad adapters list` shows those that there are")
    body = parse(file.read_bytes())
    headers = {key.lower(): value for key, value in pairs(header or ()).items()}
    read = body if isinstance(body, Malformed) else meaning(adapter, body, headers)
    if isinstance(read, Malformed):
        refuse(f"{file}: {read.why[:1].lower()}{read.why[1:]}".rstrip("."))
    if as_json:
        show_json(read)
    else:
        _tell(read)


def _cells(found: Adapters, name: str) -> tuple[str, ...]:
    adapter = found.by_name[name]
    events = dict.fromkeys(entry.event for entry in adapter.entries if entry.event)
    secret = "set" if found.secrets.get(name) else "not set"
    return (name, secret, ", ".join(events), adapter.about)


def _tell(read: Reading) -> None:
    for one in read:
        if isinstance(one, Meant):
            say(f"item {one.item}: {_does(one)}")
        else:
            say(f"item {one.item}: ignored, because {one.why}")


def _does(meant: Meant) -> str:
    whom = " or ".join(name for name in (meant.key, meant.email) if name)
    parts = [f"of {whom}"]
    if meant.event:
        at = f" at {meant.at:%Y-%m-%d %H:%M} UTC" if meant.at else " at its arrival"
        parts.append(f"event {meant.event} ({meant.id}){at}")
        parts += [f"  {name} = {value}" for name, value in meant.fields.items()]
    parts += [f"contact.{name} = {value}" for name, value in meant.attributes.items()]
    if meant.others:
        parts.append(f"is one with {', '.join(meant.others)}")
    if meant.new_key:
        parts.append(f"known by the key {meant.new_key} from then on")
    if meant.create:
        parts.append("made if nobody is known by that name")
    return "\n    ".join(parts)


COMMANDS = {"adapters": {"list": list_adapters, "try": try_adapter}}
