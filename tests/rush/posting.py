"""A SendGrid that answers each thread as it is told to, and remembers what it was asked to take."""

import json
import re
import threading
from collections import defaultdict

from typing_extensions import override

from activities.mailing.connecting import InTime
from activities.mailing.sendgrid import (
    Accepted,
    Ambiguous,
    Answer,
    Message,
    NotAccepted,
    RefusedBy,
    SendGrid,
)

ANSWERS: tuple[Answer, ...] = (
    Accepted(provider_id=None),
    Ambiguous(words="the connection broke"),
    NotAccepted(words="nobody was there"),
    RefusedBy(status=400, words="no such thing"),
)
_SEND = re.compile(r'"seq_send_id": "([^"]+)"')


class FakeSendGrid(SendGrid):
    """Takes mails without a network."""

    def __init__(self) -> None:
        super().__init__("SG.fake", "http://127.0.0.1:9")
        self._answer = threading.local()
        self.taken: dict[str, list[Answer]] = defaultdict(list)

    def answer_here(self, answer: Answer) -> None:
        """Answer so to what this thread posts."""
        self._answer.given, self._answer.asked = answer, False

    @property
    def has_posted_here(self) -> bool:
        """Whether this thread has posted since."""
        asked: bool = self._answer.asked
        return asked

    @override
    def post(self, message: Message, in_time: InTime = lambda: True) -> Answer:
        answer: Answer = self._answer.given
        self._answer.asked = True
        self.taken[_SEND.findall(json.dumps(message))[0]].append(answer)
        return answer

    def twice(self) -> list[str]:
        """Give the mails that may have gone more than once."""
        may_have = (Accepted, Ambiguous)
        return [
            send
            for send, answers in self.taken.items()
            if sum(isinstance(one, may_have) for one in answers) > 1
        ]
