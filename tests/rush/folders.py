"""The sequences that everybody here is after: in a group, paced, per order; and what may change."""

from pathlib import Path

from schemas.policies import Pace
from tests.unit.authoring.written import HEAD, Folder

ORDERS = ("o1", "o2")
SEQUENCES = ("quick", "equal", "urgent", "paced", "orders")
PACES = (1, 2, 1, 2, None, 1)
CAPS = (1, 2)

_SAYS = {
    "quick": "exclusive: sales\npriority: 1\non_lost: wait\nif_busy: wait 3 days\n",
    "equal": "exclusive: sales\npriority: 1\non_lost: exit\nif_busy: wait 3 days\n",
    "urgent": "exclusive: sales\npriority: 5\non_lost: wait\nif_busy: refuse\n",
    "paced": "",
    "orders": "key: data.order\n",
}
_AGAIN = {"urgent": "after 2 days"}
_STEPS = "steps: [{email: intro}, {email: case-study}]\n"
STEPS = ("intro", "case-study")


def written(root: Path) -> dict[str, Path]:
    """Write every variant of the project once; give the folders by the name of what they are."""
    made = {}
    for caps in CAPS:
        project = root / f"caps-{caps}"
        for name in SEQUENCES:
            made[f"{name} {caps}"] = _write(project, name, f"{_SAYS[name]}{_pace(name, 1)}")
        for pace in set(PACES):
            at = project / f"pace-{pace}"
            made[f"paced {caps} {pace}"] = _write(at, "paced", _pace("paced", pace))
        for home in (project, *(project / f"pace-{pace}" for pace in set(PACES))):
            rules = f"caps: {{per_day: {caps}}}\nexclusive: [sales]\n"
            (home / "postroad.yaml").write_text(rules, encoding="utf-8")
    return made


def pace_of(per_day: int | None) -> Pace | None:
    """Give the pace that a variant says."""
    return None if per_day is None else Pace(per_day=per_day)


def _write(project: Path, name: str, says: str) -> Path:
    folder = Folder(project / name)
    head = HEAD.replace("sequence: welcome", f"sequence: {name}")
    again = f"re_enroll: {_AGAIN.get(name, 'always')}\n"
    folder.write("sequence.yaml", f"{head}{again}{says}{_STEPS}")
    return folder.path


def _pace(name: str, per_day: int | None) -> str:
    return f"pace: {per_day} per day\n" if name == "paced" and per_day is not None else ""
