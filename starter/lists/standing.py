"""What an export says of whether its people may be written to."""

from collections.abc import Mapping

from schemas.suppression import Reason

_YES = {"true", "yes", "1", "y", "x", "t"}
_NO = {"false", "no", "0", "n", "f"}
_OUT = {"unsubscribed", "no consent", "no_consent", "opted out"}
_BOUNCED = {"cleaned", "bounced", "invalid"}


def standing_of(said: Mapping[str, str]) -> Reason | None:
    """Give why whoever exported the row must not mail the contact, the gravest reason first."""
    status = said.get("standing", "").strip().lower()
    if "bounced_at" in said or status in _BOUNCED:
        return Reason.BOUNCED
    out = (
        said.get("opted_out", "").lower() in _YES,
        said.get("opted_in", "").lower() in _NO,
        "opted_out_at" in said,
        status in _OUT,
    )
    return Reason.UNSUBSCRIBED if any(out) else None
