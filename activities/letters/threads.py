"""Threads: which earlier mails of an enrollment a mail goes on with."""

from collections.abc import Sequence as Many

from schemas.matchers import StepId
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.values import Value
from storage.rows import SendRow


class Thread(Value):
    """The mails so far of a thread, oldest first, by Message-ID, and its first subject.

    `arm` is the arm of the first, if its step has several.
    """

    message_ids: tuple[str, ...]
    subject: str
    arm: str | None = None

    @property
    def reply_subject(self) -> str:
        """Give the subject of an answer; Gmail keeps a thread together only by it too."""
        is_reply = self.subject[:3].casefold() == "re:"
        return self.subject if is_reply else f"Re: {self.subject}"


def thread_of(sequence: Sequence, step: EmailStep, sends: Many[SendRow]) -> Thread | None:
    """Give the thread that a step's mail goes on with; None if no mail of it went."""
    root = root_of(sequence, step)
    earlier = [
        send
        for send in sends
        if send.state == "accepted" and send.step != step.id and _root(sequence, send.step) == root
    ]
    if step.thread is None or not earlier:
        return None
    ids = tuple(send.message_id for send in earlier)
    first = earlier[0]
    return Thread(message_ids=ids, subject=first.subject or "", arm=first.arm)


def root_of(sequence: Sequence, step: EmailStep) -> StepId:
    """Give the step whose mail opens the thread: the step itself, if it goes on with none."""
    seen = {step.id}
    while step.thread is not None and step.thread not in seen:
        seen.add(step.thread)
        earlier = sequence.step_by_id.get(step.thread)
        if not isinstance(earlier, EmailStep):
            break
        step = earlier
    return step.id


def _root(sequence: Sequence, step_id: StepId) -> StepId:
    step = sequence.step_by_id.get(step_id)
    return root_of(sequence, step) if isinstance(step, EmailStep) else step_id
