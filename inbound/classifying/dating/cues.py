"""What a named day means in a notice: the first day back, the last one away, or neither."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from inbound.classifying.dating.atoms import Atom, Said
from inbound.classifying.wording.phrases import Hit
from inbound.classifying.wording.tables import Language, tables
from inbound.classifying.wording.words import is_single

Means = Literal["back", "last", "until", "unrelated"]

_NEAR, _REACH, _REACH_OF_CHARACTERS = 4, 14, 45


class Told(NamedTuple):
    """A day, what it means, and whether its sentence speaks of being away."""

    atom: Atom
    means: Means
    in_away: bool


def told(said: Said, atoms: Sequence[Atom], language: Language) -> Iterator[Told]:
    """Give what each of the days means, in the order of the text."""
    for place, atom in enumerate(atoms):
        before = atoms[place - 1].end if place else 0
        after = atoms[place + 1].start if place + 1 < len(atoms) else len(said.words)
        around = _Around(said, atom, before, after)
        yield Told(atom, around.means(_own(atom, language)), around.is_away())


def _own(atom: Atom, language: Language) -> Language:
    return tables().languages.get(atom.language, language)


class _Around:
    """The words before and after a day, up to the next day and within its sentence."""

    def __init__(self, said: Said, atom: Atom, before: int, after: int) -> None:
        sentence = said.words[atom.start].sentence
        self._said, self._atom, self._sentence = said, atom, sentence
        single = atom.start > 0 and is_single(said.words[atom.start - 1].text)
        reach = _REACH_OF_CHARACTERS if single else _REACH
        self._from = max(before, atom.start - reach)
        self._to = min(after, atom.end + reach)
        self._is_last = after == len(said.words) or said.words[after].sentence != sentence

    def means(self, language: Language) -> Means:
        """Tell what the day means, by what stands nearest to it."""
        after = self._after_near("until_after", "through_after", "from_after", "after_after")
        if after is not None:
            return self._by(after.means.removesuffix("_after"), language)
        before = self._before("until", "through", "from", "after", "back")
        if before is not None and self._is_of_return(before):
            return self._by("back", language)
        if before is not None and (before.means == "back" or self._is_near(before)):
            return self._by(before.means, language)
        return self._alone(language)

    def _is_of_return(self, cue: Hit) -> bool:
        """Tell whether it only looks like an until: "I return to (до, do, a) work on the 10th"."""
        if cue.means != "until" or cue.end == self._atom.start:
            return False
        dated = [
            hit
            for hit in self._said.hits
            if hit.start >= cue.end
            and (hit.means == "joint" or hit.means.startswith(("weekday", "including")))
        ]
        inside = {at for hit in dated for at in range(hit.start, hit.end)}
        bare = set(range(cue.end, self._atom.start)) - inside
        backs = (hit for hit in self._said.meaning("back") if self._precedes(hit))
        return bool(bare) and any(0 <= cue.start - hit.end <= _NEAR for hit in backs)

    def _alone(self, language: Language) -> Means:
        if self._has_back(language) and not self._atom.is_span:
            return "back"
        return "last" if self._atom.is_span or self.is_away() else "unrelated"

    def is_away(self) -> bool:
        """Tell whether the day's sentence speaks of being away."""
        away = self._said.meaning("away", "subject_away")
        return any(hit.sentence == self._sentence for hit in away)

    def _by(self, cue: str, language: Language) -> Means:
        if cue in ("until", "through"):
            return self._until(cue, language)
        if self._atom.is_span or cue == "after":
            return "last"
        if cue == "from":
            return "back" if self._has_back(language) else "unrelated"
        return "back"

    def _until(self, cue: str, language: Language) -> Means:
        if self._after_near("excluding") is not None:
            return "until"
        including = cue == "through" or language.until_includes or self._atom.is_span
        return "last" if including or self._after_near("including") is not None else "until"

    def _before(self, *means: str) -> Hit | None:
        hits = (hit for hit in self._said.meaning(*means) if self._precedes(hit))
        return max(hits, key=lambda hit: (hit.end, hit.end - hit.start), default=None)

    def _precedes(self, hit: Hit) -> bool:
        inside = self._from <= hit.start and hit.end <= self._atom.start
        return inside and hit.sentence == self._sentence

    def _is_near(self, hit: Hit) -> bool:
        return self._atom.start - hit.end <= _NEAR

    def _after_near(self, *means: str) -> Hit | None:
        near = range(self._atom.end - 1, self._atom.end + 3)
        hits = (hit for hit in self._said.meaning(*means) if hit.start in near)
        return next((hit for hit in hits if hit.start < self._to + 1), None)

    def _has_back(self, language: Language) -> bool:
        if self._before("back") is not None:
            return True
        if not (self._is_last or language.postposed):
            return False
        return any(
            self._atom.end <= hit.start < self._to and hit.sentence == self._sentence
            for hit in self._said.meaning("back")
        )
