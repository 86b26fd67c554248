"""What somebody wrote, parted from what they answer, from their signature and from small print."""

import re
from typing import NamedTuple

from inbound.classifying.reading.bodies import QUOTE_MARK
from inbound.classifying.wording.phrases import Hit
from inbound.classifying.wording.tables import tables
from inbound.classifying.wording.words import cut, normal

# Told by its shape in any language: a rule with words in it, a line that ends with a colon and
# names a day or an address, a block of lines "name: value".
_RULE = re.compile(
    r"^\s*(?:[-_=*#~]{2,}\s*\S.{0,80}?\s*[-_=*#~]{2,}:?\s*|[_]{12,}\s*|[-]{20,}\s*|<<<.{0,80}>>>)$"
)
_BEGINS_FORWARD = re.compile(
    r"^\s*(?:begin forwarded message|anfang der weitergeleiteten|début du message|"
    r"inizio messaggio|inicio del mensaje)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>@:;]{1,64}@[^\s<>@:;]{1,120}")
_TIME = re.compile(r"\d{1,2}[:.h時시]\s?\d{2}|\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_FIELD = re.compile(r"^\s*[>*|_ ]{0,6}[^\s:：][^:：\n]{0,28}[:：]\**\s*(\S.*)?$")
_QUOTED = re.compile(r"^\s*(?:>|\|\s|&gt;)")
_SIGNATURE = re.compile(r"^(?:--|—|––|__)\s*$")
_DEVICE = re.compile(
    r"\b(?:iphone|ipad|android|galaxy|samsung|huawei|xiaomi|blackberry|outlook|gmail|yahoo|"
    r"mail\.ru|протон|proton|windows phone|smartphone|яндекс|nokia|oneplus|pixel|wearable)\b",
    re.IGNORECASE,
)
_ABOVE_LINE = re.compile(
    r"^\s*(?:#{2,}|-{2,}|={2,}).{0,20}\b(?:reply|antwort|répon|respon|rispond|typ)", re.IGNORECASE
)
_SHORT_LINE, _FIELDS, _MANY_FIELDS, _LONGEST_CLOSING = 90, 3, 4, 6
_MOST_LINES = 300
_LONGEST_LEAD, _LONGEST_NAME = 260, 2


class Written(NamedTuple):
    """What a person wrote: `text` without quote, signature and small print; `signed` with those.

    `quotes` tells whether something was quoted, `quoted` what.
    """

    text: str
    signed: str
    quoted: str

    @property
    def quotes(self) -> bool:
        """Whether an earlier mail stands below or between."""
        return bool(self.quoted.strip())


def written(text: str) -> Written:
    """Part what was written from what was quoted."""
    own, quoted = _parted(text.split("\n")[:_MOST_LINES])
    signed = "\n".join(own).strip()
    return Written(_unsigned(own), signed, "\n".join(quoted))


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    own: list[str] = []
    at = 0
    while at < len(lines):
        if _QUOTED.match(lines[at]):
            at += 1
            continue
        size = _lead(lines, at)
        if size and _QUOTED.match(_next(lines, at + size)):
            at += size
            continue
        if (size and at + size < len(lines) + 1) or _cuts(lines, at):
            return own, lines[at:]
        own.append(lines[at])
        at += 1
    return own, [line for line in lines if _QUOTED.match(line)]


def _next(lines: list[str], at: int) -> str:
    return next((line for line in lines[at : at + 3] if line.strip()), "")


def _cuts(lines: list[str], at: int) -> bool:
    line = lines[at]
    if QUOTE_MARK in line or _BEGINS_FORWARD.match(line):
        return True
    if len(line) < _SHORT_LINE and _RULE.match(line) and not _SIGNATURE.match(line.strip()):
        return _is_before_mail(lines[at + 1 : at + 6]) or _is_header(lines, at + 1)
    return _is_header(lines, at)


def _is_before_mail(below: list[str]) -> bool:
    first = [line for line in below if line.strip()][:3]
    fields = sum(bool(_FIELD.match(line)) for line in first)
    return fields > 1 or any(_QUOTED.match(line) for line in first)


def _is_header(lines: list[str], at: int) -> bool:
    """Tell whether a block of header fields begins here: three with an address, or four."""
    block: list[str] = []
    for line in lines[at : at + 12]:
        if line.strip() and not _FIELD.match(line):
            break
        if line.strip() or block:
            block.append(line)
    block = [line for line in block if line.strip()][:_MANY_FIELDS]
    if len(block) < _FIELDS or not _is_name(block[0]):
        return False
    told = any(_TIME.search(line) for line in block)
    return told and (len(block) == _MANY_FIELDS or any(_ADDRESS.search(line) for line in block))


def _is_name(line: str) -> bool:
    return (
        len(re.split("[:：]", line)[0].split()) <= _LONGEST_NAME and "http" not in line[:10].lower()
    )


def _lead(lines: list[str], at: int) -> int:
    """Give how many lines lead a quote in ("On ..., ... wrote:"), or 0."""
    if not lines[at].strip():
        return 0
    for size in (1, 2, 3):
        joined = " ".join(lines[at : at + size]).strip().strip("*")
        if len(joined) > _LONGEST_LEAD or not all(lines[at : at + size]):
            return 0
        if joined.endswith((":", "：", "：", "--", "---")) and _is_lead(joined):
            return size
    return 0


def _is_lead(line: str) -> bool:
    if line.startswith("-----") or _ADDRESS.search(line):
        return bool(_ADDRESS.search(line)) and bool(
            _TIME.search(line) or line.startswith("-----") or _says_wrote(line)
        )
    return bool(_TIME.search(line)) and _says_wrote(line)


def _says_wrote(line: str) -> bool:
    return any(hit.means == "wrote" for hit in tables().lexicon.hits(cut(normal(line))))


def _unsigned(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        bare = line.strip()
        if _ABOVE_LINE.match(bare):
            continue
        if kept and _ends_here(bare):
            break
        if len(bare) < _SHORT_LINE and _DEVICE.search(bare) and _is_sent_from(bare):
            continue
        kept.append(line)
    return "\n".join(kept).strip()


def _ends_here(bare: str) -> bool:
    if _SIGNATURE.match(bare):
        return True
    return len(bare) < _SHORT_LINE and len(bare.split()) <= _LONGEST_CLOSING and _is_closing(bare)


def _is_closing(bare: str) -> bool:
    words = cut(normal(bare))
    hits = tables().lexicon.hits(words)
    return any(
        hit.means == "closing" and hit.start == 0 and _fills(hit, len(words)) for hit in hits
    )


def _fills(hit: Hit, words: int) -> bool:
    return words - hit.end <= _LONGEST_NAME


def _is_sent_from(line: str) -> bool:
    hits = tables().lexicon.hits(cut(normal(line)))
    return any(hit.means == "sent_from" for hit in hits) or len(line.split()) <= _FIELDS
