"""Which arm of a step's mail a contact gets, by what is on record of it and of the test."""

from sqlalchemy import Connection

from schemas.sequence import Sequence
from schemas.steps import Arm, EmailStep
from storage.sending import sends, winners
from workflows.deciding.variants import arm_of


def arm_for(
    connection: Connection, sequence: Sequence, step: EmailStep, contact: str
) -> Arm | None:
    """Give the arm of a step's mail for a contact (rule 22); None if the step has no arms."""
    if not step.arms:
        return None
    kept = sends.kept_arm(connection, contact, sequence.name, step.id)
    winner = winners.of(connection, sequence.name).get(step.id)
    return arm_of(step, sequence.name, contact, winner=winner, kept=kept)
