"""What an answer to a post means: done, try again, or lost."""

from devstack.emulator.records import PostKind, PostState

_OK = range(200, 300)
_SERVER_ERRORS = range(500, 600)


def state_after(kind: PostKind, status: int | None) -> PostState:
    """Tell how a post stands after an answer; `status` is None if there was no answer.

    Events are tried again until a 2xx comes. An inbound mail is tried again after a 5xx, but
    dropped after a 3xx or a 4xx (reference 3.3). A mailbox provider posts a one-click once.
    """
    if status in _OK:
        return PostState.ANSWERED
    if kind is PostKind.ONE_CLICK:
        return PostState.DROPPED
    if kind is PostKind.INBOUND and status is not None and status not in _SERVER_ERRORS:
        return PostState.DROPPED
    return PostState.WAITING
