"""Many mails to one contact, each asking for room when it is due and when told to (rule 29)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from schemas.policies import Caps
from schemas.sequence import Sequence
from tests.builders import MONDAY, OFFICE, a_sequence, a_zone, an_email, days
from workflows.moments.windows import is_open
from workflows.sharing.capping import Ask, Place, Reserved, Traffic, has_room, opener, put_off

ZONE = a_zone()
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ALWAYS, IN_OFFICE = a_sequence(an_email("m")), a_sequence(an_email("m"), window=OFFICE)


@dataclass
class Wish:
    """A mail and what became of it."""

    mark: str
    priority: int
    due: datetime
    sequence: Sequence
    since: datetime | None = None
    asks_at: datetime | None = None
    reserved: Reserved | None = None
    over_at: datetime | None = None

    def place(self, now: datetime) -> Place:
        return Place(self.priority, self.due, self.since or now, self.mark)


@dataclass
class Box:
    """The contact's box, and the rules about it."""

    caps: Caps
    wishes: list[Wish]
    gone: dict[str, datetime] = field(default_factory=dict)

    def run(self) -> None:
        for wish in self.wishes:
            wish.asks_at = opener(wish.sequence, "m", "", ZONE)(wish.due)
        while pending := [one for one in self.wishes if one.asks_at is not None]:
            first = min(pending, key=lambda one: (one.asks_at or MONDAY, one.mark))
            self.ask(first, first.asks_at or MONDAY)

    def ask(self, wish: Wish, now: datetime) -> None:
        if wish.reserved is not None and now > wish.reserved.give_up_at:
            wish.asks_at, wish.reserved, wish.over_at = None, None, now
            return
        others = tuple(o.reserved for o in self.wishes if o is not wish and o.reserved)
        traffic, place = Traffic(tuple(self.gone.values()), others), wish.place(now)
        if has_room(self.caps, traffic, place, now):
            self.goes(wish, now)
            return
        wish.since = place.since
        ask = Ask(place, now, ZONE, opener(wish.sequence, "m", "", ZONE))
        deferred = put_off(self.caps, traffic, ask)
        wish.reserved = Reserved(place, deferred.until, deferred.give_up_at)
        assert deferred.until > now
        late = deferred.until > deferred.give_up_at
        wish.asks_at = deferred.give_up_at + MINUTE if late else deferred.until

    def goes(self, wish: Wish, now: datetime) -> None:
        for other in self.wishes:
            if other is not wish and other.reserved and self.is_kept(other.reserved, wish, now):
                near = [*self.gone.values(), now]
                place = other.reserved.place
                assert has_room(self.caps, Traffic(tuple(near)), place, other.reserved.until)
        self.gone[wish.mark] = now
        wish.asks_at, wish.reserved, wish.over_at = None, None, now

    def is_kept(self, other: Reserved, wish: Wish, now: datetime) -> bool:
        kept = now <= other.until <= other.give_up_at
        return kept and other.place.is_before(wish.place(now))


WISHES = st.lists(
    st.builds(
        Wish,
        mark=st.just(""),
        priority=st.sampled_from([0, 0, 1, 5]),
        due=st.integers(0, 12 * 24 * 4).map(lambda quarter: MONDAY + quarter * 15 * MINUTE),
        sequence=st.sampled_from([ALWAYS, IN_OFFICE]),
    ),
    max_size=12,
)
CAPS = st.builds(
    Caps,
    per_day=st.sampled_from([None, 1, 2, 3]),
    per_week=st.sampled_from([2, 3, 5]),
    defer_up_to=st.sampled_from([days(1), days(3), days(7)]),
)


def lived(caps: Caps, wishes: list[Wish]) -> Box:
    named = [
        Wish(f"{number:02}", one.priority, one.due, one.sequence)
        for number, one in enumerate(wishes)
    ]
    box = Box(caps, named)
    box.run()
    return box


@given(caps=CAPS, wishes=WISHES)
def test_no_window_of_a_cap_ever_holds_more_than_it_allows_and_room_reserved_is_kept(
    caps: Caps, wishes: list[Wish]
) -> None:
    box = lived(caps, wishes)

    for most, length, _ in caps.limits:
        for end in box.gone.values():
            assert sum(end - length < one <= end for one in box.gone.values()) <= most


@given(caps=CAPS, wishes=WISHES)
def test_every_mail_goes_in_its_window_or_is_given_up_in_time(
    caps: Caps, wishes: list[Wish]
) -> None:
    box = lived(caps, wishes)

    for wish in box.wishes:
        assert wish.over_at is not None
        went = box.gone.get(wish.mark)
        assert went is None or is_open(went, wish.sequence.window, ZONE)
        if wish.since is not None:
            longest = caps.defer_up_to.count * DAY + HOUR + MINUTE
            assert wish.over_at - wish.since <= longest


@given(caps=CAPS, wishes=WISHES)
def test_of_two_that_wait_for_the_same_room_the_one_of_higher_priority_goes_first(
    caps: Caps, wishes: list[Wish]
) -> None:
    box = lived(caps, [Wish("", one.priority, MONDAY, ALWAYS) for one in wishes])

    waited = [one for one in box.wishes if one.since is not None and one.mark in box.gone]
    for one, other in permutations(waited, 2):
        if one.priority > other.priority:
            assert box.gone[one.mark] <= box.gone[other.mark]
