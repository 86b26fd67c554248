"""Public holidays by country: which there are, as the package `holidays` knows them (rule 14)."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

from authoring.text.documents import Items, Node
from authoring.text.faults import Findings, did_you_mean
from authoring.text.fields import shown
from authoring.text.readers import each
from authoring.text.values import read_date
from schemas.conditions import Both, Comparison, Condition, Constant, Fact
from schemas.version import Version

OF_CONTACT = "contact"
FIRST_YEAR = 2020
YEARS_AHEAD = 5


def read_holidays(node: Node, findings: Findings) -> tuple[tuple[date, ...], str | None] | None:
    """Read `US`, `US-CA`, `contact.country` or a list of dates: the dates, and whose they are."""
    if isinstance(node, Items):
        return tuple(sorted(set(each(node, findings, read_date)))), None
    code = shown(node).strip()
    if code == "contact.country":
        return (), OF_CONTACT
    country, _, subdivision = code.partition("-")
    known = _countries()
    if country not in known:
        problem = f"`{code}` is no country whose holidays are known"
        mend = "write a code like `US` or `US-CA`, `contact.country`, or a list of dates"
        meant = _MEANT.get(country, country.upper())
        mend = f"did you mean `{meant}`?" if meant in known else mend
        findings.add(node.at, code, problem, mend)
    elif "-" in code and subdivision not in known[country]:
        problem = f"`{subdivision}` is no part of {country} whose holidays are known"
        findings.add(node.at, code, problem, did_you_mean(subdivision, known[country]))
    else:
        return (), code
    return None


def expanded(codes: Iterable[str], years: Iterable[int]) -> dict[str, tuple[date, ...]]:
    """Give the public holidays of each country or part of one, observed days included, sorted."""
    import holidays  # noqa: PLC0415  # takes a fifth of a second, and few sequences need it

    wanted = tuple(years)
    found = {}
    for code in codes:
        country, _, subdivision = code.partition("-")
        days = holidays.country_holidays(country, subdiv=subdivision or None, years=wanted)
        found[code] = tuple(sorted(day for day in days if day.year in wanted))
    return found


def is_country(code: str) -> bool:
    """Tell whether the holidays of a country, or of a part of one (`US-CA`), are known."""
    country, _, subdivision = code.partition("-")
    known = _countries().get(country)
    return known is not None and (not subdivision or subdivision in known)


def with_holidays_known(version: Version, at: datetime) -> Version:
    """Fill in the holidays that the version's window may need, as they are known at `at`.

    They cover 2020 to five years after `at`, and do not come into the version's hash.
    """
    codes = _needed(version)
    if not codes:
        return version
    years = range(FIRST_YEAR, at.year + YEARS_AHEAD + 1)
    return version.model_copy(update={"holidays": expanded(codes, years)})


def _needed(version: Version) -> list[str]:
    window = version.sequence.window
    if window is None or window.holidays_of is None:
        return []
    if window.holidays_of != OF_CONTACT:
        return [window.holidays_of]
    named = _named_countries(version.sequence.audience)
    return sorted(_countries()) if named is None else sorted(named & _countries().keys())


def _named_countries(audience: Condition | None) -> set[str] | None:
    if isinstance(audience, Both):
        named = [_named_countries(part) for part in audience.parts]
        return next((one for one in named if one is not None), None)
    if not isinstance(audience, Comparison) or audience.left != _COUNTRY:
        return None
    right = audience.right
    written = right.value if isinstance(right, Constant) else None
    if audience.by == "eq":
        written = [written]
    if audience.by not in ("eq", "in") or not isinstance(written, list):
        return None
    return {one for one in written if isinstance(one, str)}


@cache
def _countries() -> dict[str, list[str]]:
    import holidays  # noqa: PLC0415  # takes a fifth of a second, and few sequences need it

    return holidays.list_supported_countries(include_aliases=False)


_COUNTRY = Fact(of="contact", path="country")


# Codes that people write, and those of ISO 3166-1 alpha-2; `no` is rather none than Norway.
_MEANT = {"UK": "GB", "USA": "US", "GER": "DE", "EN": "GB", "no": "none"}
