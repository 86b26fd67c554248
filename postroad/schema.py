"""`postroad schema`: the shapes that other code bases write against."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from authoring.schema import project_schema, sequence_schema
from postroad.printing import show_json
from starter.shapes import enrollment_schema, event_schema


class Shape(StrEnum):
    """What there is a schema of."""

    ENROLLMENT = "enrollment"
    SEQUENCE = "sequence"
    PROJECT = "project"
    EVENT = "event"


_SCHEMA_BY_SHAPE: dict[Shape, Callable[[], object]] = {
    Shape.ENROLLMENT: enrollment_schema,
    Shape.SEQUENCE: sequence_schema,
    Shape.PROJECT: project_schema,
    Shape.EVENT: event_schema,
}


def schema(
    shape: Annotated[
        Shape,
        typer.Argument(
            help="enrollment: the input of the workflow `enrollment`. event: a signal's "
            "argument, its `kind` being the signal's name. sequence, project: the files "
            "`sequence.yaml` and `postroad.yaml`, for editors."
        ),
    ],
) -> None:
    """Print the JSON Schema of what goes over a border.

    With it an engineer starts and signals enrollments from any Temporal client, in any language.
    """
    show_json(_SCHEMA_BY_SHAPE[shape]())


COMMANDS = {"schema": schema}
