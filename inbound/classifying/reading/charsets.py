"""Bytes to text, also where the charset is missing, misnamed or wrong."""

from inbound.mime import decoded

_SINGLE_BYTES = {"iso-8859-1", "windows-1252", "cp1252", "latin1", "iso-8859-15"}
_UNNAMED = {"", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "8bit"}
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-8859-8-i": "iso-8859-8",
    "shift_jis": "cp932",
}
_EASTERN = ("gb18030", "shift_jis", "euc-kr", "big5")
_ASCII_ENDS, _CYRILLIC, _CAPITALS = 0x7F, 0xC0, 0xE0
_MOSTLY, _LOOKED_AT = 0.4, 2_000


def decoded_best(raw: bytes, charset: str) -> str:
    """Decode by the charset named, else by one that fits what the bytes are like."""
    named = _WIDER.get(charset.lower(), charset.lower())
    if b"\x1b$" in raw or b"\x1b(" in raw:
        return decoded(raw, ["iso2022_jp_2", "iso2022_jp"])
    if named in _UNNAMED or (named in ("utf-8", "utf8") and not _is_utf8(raw)):
        return decoded(raw, ["utf-8", *_guessed(raw)])
    misnamed = named in _SINGLE_BYTES and not raw.isascii() and _is_utf8(raw)
    return decoded(raw, ["utf-8", named] if misnamed else [named])


def _guessed(raw: bytes) -> list[str]:
    seen = raw[:_LOOKED_AT]
    high = [one for one in seen if one > _ASCII_ENDS]
    letters = sum(1 for one in seen if chr(one).isalpha() or one > _ASCII_ENDS)
    if not high or len(high) <= _MOSTLY * letters:
        return ["windows-1252"]
    if all(one >= _CYRILLIC for one in high):
        capitals = sum(one >= _CAPITALS for one in high)
        return ["koi8-r" if capitals < len(high) / 2 else "windows-1251"]
    return [charset for charset in _EASTERN if _fits(raw, charset)][:1]


def _fits(raw: bytes, charset: str) -> bool:
    try:
        raw.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8(raw: bytes) -> bool:
    # A long part may be cut within a character.
    return _fits(raw, "utf-8") or any(_fits(raw[:-cut], "utf-8") for cut in (1, 2, 3))
