"""What the Temporal UI shows of an enrollment without opening a payload."""

from datetime import datetime

from temporalio import workflow
from temporalio.common import SearchAttributeKey

from schemas.decisions import Decision, Finish, Wait
from schemas.names import ATTRIBUTE_ENDING, ATTRIBUTE_STATE
from schemas.outcomes import Enrolled, Refused, Waiting
from schemas.progress import Progress
from workflows.showing import attributes, details


class Signboard:
    """The current details, and the search attributes, which cost an event a change."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}

    def show(
        self, enrolled: Enrolled, progress: Progress, decision: Decision, now: datetime
    ) -> None:
        """Say where the enrollment stands, why, and what comes next."""
        workflow.set_current_details(details(progress, decision))
        if isinstance(decision, Wait | Finish) or not self._shown:
            self._upsert(attributes(enrolled, progress, now))

    def queue(self, waiting: Waiting) -> None:
        """Say that the enrollment waits for its turn, until when, and why."""
        until = f"{waiting.until:%Y-%m-%d %H:%M} UTC"
        workflow.set_current_details(f"**Waits for its turn**, until {until}. {waiting.why}")
        self._upsert({ATTRIBUTE_STATE: "waiting"})

    def refuse(self, refused: Refused) -> None:
        """Say that nobody was enrolled, and why."""
        workflow.set_current_details(f"**Refused: {refused.reason}**. {refused.message}")
        self._upsert({ATTRIBUTE_STATE: "refused", ATTRIBUTE_ENDING: refused.reason})

    def _upsert(self, wanted: dict[str, str]) -> None:
        changed = {name: word for name, word in wanted.items() if self._shown.get(name, "") != word}
        if changed:
            self._shown = {**self._shown, **changed}
            keys = {name: SearchAttributeKey.for_keyword(name) for name in changed}
            workflow.upsert_search_attributes(
                [
                    keys[name].value_set(word) if word else keys[name].value_unset()
                    for name, word in changed.items()
                ]
            )
