"""docker-compose.yml as it is written, merges done, variables not yet put in."""

import re
from collections.abc import Mapping
from functools import cache

from ruamel.yaml import YAML

from tests.architecture.tracked import ROOT, dig

FILE = ROOT / "docker-compose.yml"

Service = Mapping[str, object]


@cache
def document() -> object:
    return YAML(typ="safe", pure=True).load(FILE)


def services() -> dict[str, Service]:
    written = dig(document(), "services")
    assert isinstance(written, dict)
    return written


def mapping(service: Service, key: str) -> dict[str, object]:
    written = service.get(key, {})
    assert isinstance(written, dict)
    return written


def words(service: Service, key: str) -> list[str]:
    written = service.get(key, [])
    assert isinstance(written, list)
    return [str(word) for word in written]


def is_one_shot(service: Service) -> bool:
    return str(service.get("restart")).startswith("on-failure")


def variables_in(text: str) -> set[str]:
    return set(re.findall(r"\$\{(\w+)", text))
