"""A multipart form at the level of bytes: its fields, before any charset is guessed."""

from email.message import Message
from email.parser import BytesHeaderParser

Form = dict[str, bytes]

_LINE = b"\r\n"


def parse_form(body: bytes, content_type: str) -> Form | None:
    """Give each field's bytes by its name (RFC 7578); None if the body is no whole such form.

    Uploaded files count as fields; of several fields of one name the first counts.
    """
    boundary = _boundary(content_type)
    if boundary is None:
        return None
    first, *parts = (_LINE + body).split(_LINE + b"--" + boundary)
    # Text before the first boundary may be a digit of the signed timestamp, moved into the body,
    # which would hide the first field.
    if first or not parts or not parts[-1].startswith(b"--"):
        return None
    fields = [_field(part) for part in parts[:-1]]
    return None if None in fields else dict(reversed([field for field in fields if field]))


def _boundary(content_type: str) -> bytes | None:
    header = Message()
    header["content-type"] = content_type.replace("\r", "").replace("\n", "")
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/form-data" or not boundary:
        return None
    return boundary.encode(errors="replace")


def _field(part: bytes) -> tuple[str, bytes] | None:
    padding, line, rest = part.partition(_LINE)
    headers, blank, content = rest.partition(_LINE + _LINE)
    if padding.strip(b" \t") or not line or not blank:
        return None
    name = BytesHeaderParser().parsebytes(headers).get_param("name", header="content-disposition")
    return (name, content) if isinstance(name, str) else None
