"""Taking in signals: one a kind of event, folded into progress as they come."""

from datetime import datetime

from temporalio import workflow

from schemas.events import (
    AppEvent,
    AutoReply,
    Blocked,
    Bounce,
    Click,
    Colleague,
    Complaint,
    ContactChanged,
    Control,
    Conversion,
    DataChanged,
    Event,
    Open,
    Reply,
    Room,
    SendSettled,
    TaskDone,
    Turn,
    Unsubscribe,
)
from schemas.outcomes import Enrolled
from schemas.progress import Progress
from schemas.values import cut
from workflows.after.folding import after_event


class Inbox:
    """What has come in; events of before the enrollment is on record wait until it is."""

    def __init__(self) -> None:
        self._enrolled: Enrolled | None = None
        self._progress: Progress | None = None
        self._early: tuple[Event, ...] = ()
        self._is_called = False
        self._called_off: Control | None = None

    @property
    def here(self) -> Progress:
        """Give how far the enrollment has come, once it has begun."""
        if self._progress is None:
            raise RuntimeError("the enrollment has not begun")
        return self._progress

    def now(self) -> datetime:
        """Give the workflow's own moment."""
        return cut(workflow.now())

    def take_in(self, event: Event) -> None:
        """Fold one event in."""
        if self._enrolled is None or self._progress is None:
            self._early = (*self._early, event)
            self._is_called = self._is_called or isinstance(event, Turn)
            if isinstance(event, Control) and event.action == "exit":
                self._called_off = event
        else:
            sequence = self._enrolled.sequence
            self._progress = after_event(sequence, self._progress, event, self.now())

    @workflow.signal(name="reply")
    def reply(self, event: Reply) -> None:
        """Take in: a person answered."""
        self.take_in(event)

    @workflow.signal(name="click")
    def click(self, event: Click) -> None:
        """Take in: a link was followed."""
        self.take_in(event)

    @workflow.signal(name="open")
    def open(self, event: Open) -> None:
        """Take in: a mail was opened."""
        self.take_in(event)

    @workflow.signal(name="conversion")
    def conversion(self, event: Conversion) -> None:
        """Take in: the outcome that the sequence is for has come."""
        self.take_in(event)

    @workflow.signal(name="event")
    def event(self, event: AppEvent) -> None:
        """Take in: the app reports something."""
        self.take_in(event)

    @workflow.signal(name="unsubscribe")
    def unsubscribe(self, event: Unsubscribe) -> None:
        """Take in: the contact wants no more marketing."""
        self.take_in(event)

    @workflow.signal(name="complaint")
    def complaint(self, event: Complaint) -> None:
        """Take in: the contact reported spam."""
        self.take_in(event)

    @workflow.signal(name="bounce")
    def bounce(self, event: Bounce) -> None:
        """Take in: the address did not take a mail."""
        self.take_in(event)

    @workflow.signal(name="blocked")
    def blocked(self, event: Blocked) -> None:
        """Take in: the address may never be mailed."""
        self.take_in(event)

    @workflow.signal(name="auto_reply")
    def auto_reply(self, event: AutoReply) -> None:
        """Take in: a machine answered that the contact is away."""
        self.take_in(event)

    @workflow.signal(name="contact_changed")
    def contact_changed(self, event: ContactChanged) -> None:
        """Facts about the contact have changed."""
        self.take_in(event)

    @workflow.signal(name="data_changed")
    def data_changed(self, event: DataChanged) -> None:
        """Take in: what the enrollment was given has new values."""
        self.take_in(event)

    @workflow.signal(name="colleague")
    def colleague(self, event: Colleague) -> None:
        """Take in: somebody else of the contact's company answered, or did something."""
        self.take_in(event)

    @workflow.signal(name="task_done")
    def task_done(self, event: TaskDone) -> None:
        """Take in: a person did a task."""
        self.take_in(event)

    @workflow.signal(name="send_settled")
    def send_settled(self, event: SendSettled) -> None:
        """Take in: a mail in doubt is settled."""
        self.take_in(event)

    @workflow.signal(name="control")
    def control(self, event: Control) -> None:
        """Take in: an operator's command, committed before it came here."""
        if event.run in (None, workflow.info().first_execution_run_id):
            self.take_in(event)

    @workflow.signal(name="turn")
    def turn(self, event: Turn) -> None:
        """Take in: the enrollment has its contact to itself in its group, or no more."""
        self.take_in(event)

    @workflow.signal(name="room")
    def room(self, event: Room) -> None:
        """Take in: a cap has room sooner than was said."""
        self.take_in(event)
