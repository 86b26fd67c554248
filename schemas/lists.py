"""A list of people being enrolled: what its workflow asks of its one activity."""

from abc import ABC, abstractmethod

from temporalio import activity

from schemas.names import ACTIVITY_LIST
from schemas.values import Value


class ListRequest(Value):
    """Enroll the rows of the list with this id that wait."""

    list_id: str


class ListReport(Value):
    """How many rows were started and refused by now, and how many wait (the list was stopped)."""

    started: int
    refused: int
    waiting: int


class ListActivities(ABC):
    """What a list's workflow does to the world; it may run more than once for one request."""

    @activity.defn(name=ACTIVITY_LIST)
    @abstractmethod
    async def start_rows(self, request: ListRequest) -> ListReport:
        """Start the enrollments of all rows that wait, none of them twice."""
