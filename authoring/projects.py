"""A project's own file, `postroad.yaml`: what holds for all of its sequences."""

from pathlib import Path

from authoring.documents import Node
from authoring.faults import Findings
from authoring.fields import fields_of, keys
from authoring.files import read_yaml
from authoring.readers import paragraph
from authoring.senders import Sender, read_sender
from schemas.values import Value

PROJECT_FILE = "postroad.yaml"
PROJECT_KEYS = keys("postal_address from", "caps")


class Project(Value):
    """What a sequence takes over if it does not say it itself."""

    postal_address: str = ""
    sender: Sender | None = None


def find_project(folder: Path, findings: Findings) -> Project:
    """Read the project file beside `folder` or beside the folder that holds it; none is empty."""
    around = (folder.resolve().parent, folder.resolve().parent.parent)
    file = next((one / PROJECT_FILE for one in around if (one / PROJECT_FILE).is_file()), None)
    node = None if file is None else read_yaml(file, findings)
    return Project() if node is None else read_project(node, findings)


def read_project(node: Node, findings: Findings) -> Project:
    """Read what the project file says."""
    fields = fields_of(node, findings, "the project file", PROJECT_KEYS)
    if fields is None:
        return Project()
    address, sender = fields.get("postal_address", paragraph), fields.get("from", read_sender)
    return Project(postal_address=address or "", sender=sender)
