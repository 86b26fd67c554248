"""Why a scenario cannot be lived."""


class CannotBeLivedError(Exception):
    """What a scenario says cannot be brought about on real servers; the message says what."""
