"""A file's text, line by line in flat memory, in the encoding that it turns out to have."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from charset_normalizer import from_bytes

from schemas.values import Value

LONGEST_LINE = 1_000_000
"""Of a longer line only so many characters are read."""

WINDOWS = "cp1252"
_CHUNK = 1 << 16
_SAMPLE = 1 << 18
_OTHER_SCRIPTS = ("cp1251", "koi8_r", "cp1253", "cp932", "gb18030", "big5", "euc_kr")
_LATIN = ("cp1252", "cp1250", "cp1254", "mac_roman")
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", WINDOWS: "Windows-1252"}
_PATCH = "postroad-windows"
_MARK = "\ufeff"
_UNSEEN = f"{_MARK}\u200b\u2060"


class Encoding(Value):
    """How a file's bytes are read; `strays` are lines of another encoding than the rest."""

    name: str
    strays: bool = False

    @property
    def said(self) -> str:
        """Give its name, as people know it."""
        plain = _NAMES.get(self.name, self.name)
        return f"{plain} with strays in Windows-1252" if self.strays else plain


def encoding_of(file: BinaryIO) -> Encoding:
    """Tell how a file is written: by its byte order mark, else UTF-8 if it is that throughout.

    Else it is what most of it is: UTF-8 with stray bytes, another script if it surely is one,
    or Windows-1252. The file is left at its beginning.
    """
    head = _from_start(file, _CHUNK)
    for mark, name in _BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            strays = name == "utf-8-sig" and _by_lines(file) != Encoding(name="utf-8")
            return Encoding(name=name, strays=strays)
    found = _without_mark(head)
    return found or _by_lines(file)


def read_lines(file: BinaryIO, encoding: Encoding) -> Iterator[str]:
    """Give a file's lines with their ends; of one that is too long only its beginning.

    A byte order mark before any of them is left out: files put together keep those of each.
    """
    errors = _PATCH if encoding.name.startswith("utf-8") else "replace"
    text = io.TextIOWrapper(file, encoding=encoding.name, errors=errors, newline="")
    try:
        while line := text.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                _pass_over(text)
            yield line.removeprefix(_MARK)
    finally:
        text.detach()


def trimmed(text: str) -> str:
    """Take away the spaces around a text, and what nobody sees of it."""
    return text.strip().strip(_UNSEEN).strip()


def _pass_over(text: io.TextIOWrapper) -> None:
    rest = text.readline(LONGEST_LINE)
    while len(rest) == LONGEST_LINE:
        rest = text.readline(LONGEST_LINE)


def _from_start(file: BinaryIO, size: int) -> bytes:
    file.seek(0)
    head = file.read(size)
    file.seek(0)
    return head


def _without_mark(head: bytes) -> Encoding | None:
    # Text in Latin letters has a NUL in every second byte of UTF-16, and else none to speak of.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 4
    if odd > half and even < odd // 10:
        return Encoding(name="utf-16-le")
    if even > half and odd < even // 10:
        return Encoding(name="utf-16-be")
    return None


def _by_lines(file: BinaryIO) -> Encoding:
    good, bad, sample = 0, 0, b""
    while chunk := file.readline(_CHUNK):
        if chunk.isascii():
            continue
        if _is_utf8(chunk):
            good += 1
            continue
        bad += 1
        sample += chunk if len(sample) < _SAMPLE else b""
    file.seek(0)
    if good >= bad:
        return Encoding(name="utf-8", strays=bad > 0)
    return Encoding(name=_other(sample))


def _is_utf8(chunk: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _other(sample: bytes) -> str:
    found = from_bytes(sample, cp_isolation=[*_OTHER_SCRIPTS, *_LATIN])
    best = found.best()
    plausible = {one.encoding for one in found}
    if best is None or best.encoding not in _OTHER_SCRIPTS or plausible & set(_LATIN):
        return WINDOWS
    return best.encoding


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode(WINDOWS, errors="replace"), error.end


codecs.register_error(_PATCH, _as_windows)
