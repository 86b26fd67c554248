"""What a step does beside mailing: attributes set, webhooks and words to the owner laid out."""

from sqlalchemy import Engine

from activities.published import Library
from schemas.activities import EffectRequest


class Effects:
    """Carries steps out, each in one transaction; safe to share between threads."""

    def __init__(self, engine: Engine, library: Library) -> None:
        self._engine = engine
        self._library = library

    def carry_out(self, request: EffectRequest) -> None:
        """Carry a step out once; nothing for an enrollment that has ended."""
        raise NotImplementedError(request.step)
