"""`postroad schema`: the shapes that other code bases write against."""

from collections.abc import Callable
from typing import Annotated

import typer

from authoring.schema.whole import project_schema, sequence_schema
from postroad.printing import show_json
from starter.authored.shapes import enrollment_schema, event_schema

_SCHEMA_BY_SHAPE: dict[str, Callable[[], object]] = {
    "enrollment": enrollment_schema,
    "sequence": sequence_schema,
    "project": project_schema,
    "event": event_schema,
}


def schema(
    shape: Annotated[
        str,
        typer.Argument(
            metavar="SHAPE",
            help="enrollment: the input of the workflow `enrollment`. event: a signal's "
            "argument, its `kind` being the signal's name. sequence, project: the files "
            "`sequence.yaml` and `postroad.yaml`, for editors.",
        ),
    ],
) -> None:
    """Print the JSON Schema of what goes over a border.

    With it an engineer starts and signals enrollments from any Temporal client, in any language.
    """
    if shape not in _SCHEMA_BY_SHAPE:
        raise typer.BadParameter(f"SHAPE is one of {', '.join(_SCHEMA_BY_SHAPE)}, not {shape}")
    show_json(_SCHEMA_BY_SHAPE[shape]())


COMMANDS = {"schema": schema}
