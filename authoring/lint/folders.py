"""Linting folders: those asked for, each against all that stand beside them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from authoring.lint.linting import broken, judge
from authoring.lint.remarks import Remark
from authoring.lint.review import Review
from authoring.loading import Loaded, load
from authoring.sources import SEQUENCE_FILE
from authoring.text.faults import Faults, Findings
from authoring.text.files import read_text


def lint_folders(folders: Iterable[Path]) -> tuple[Remark, ...]:
    """Load and judge the sequences in these folders; what cannot be loaded is `broken`.

    A folder of sequences' folders stands for all of them. Sequences that stand beside one are
    looked at too, though nothing is said of them: they hand over to it and share its contacts.
    """
    asked = tuple(dict.fromkeys(one for folder in folders for one in _sequences(folder)))
    loaded = {folder: load(folder) for folder in (*asked, *_beside(asked))}
    reviews = {folder: Review(one) for folder, one in loaded.items() if isinstance(one, Loaded)}
    for review in reviews.values():
        review.beside(reviews.values())
    remarks = (_judged(folder, loaded[folder], reviews) for folder in asked)
    return tuple(dict.fromkeys(remark for some in remarks for remark in some))


def _judged(
    folder: Path, loaded: Loaded | Faults, reviews: Mapping[Path, Review]
) -> tuple[Remark, ...]:
    if isinstance(loaded, Faults):
        return broken(loaded)
    written = read_text(folder / SEQUENCE_FILE, Findings()) or ""
    return judge(reviews[folder], written)


def _sequences(folder: Path) -> Iterator[Path]:
    inner = sorted(one.parent for one in folder.glob(f"*/{SEQUENCE_FILE}"))
    if inner and not (folder / SEQUENCE_FILE).is_file():
        yield from inner
    else:
        yield folder


def _beside(asked: tuple[Path, ...]) -> tuple[Path, ...]:
    known = {folder.resolve() for folder in asked}
    around = dict.fromkeys(folder.resolve().parent for folder in asked)
    found = (one for parent in around for one in sorted(parent.glob(f"*/{SEQUENCE_FILE}")))
    return tuple(file.parent for file in found if file.parent.resolve() not in known)
