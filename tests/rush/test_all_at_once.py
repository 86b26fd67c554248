"""Any lives of a few people with everything at once: what must be true is, after every round.

`pytest tests/rush --hypothesis-profile=long --hypothesis-seed=N` lives two thousand others.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.rush import of_others, of_runs, truths
from tests.rush.looking import Records, look
from tests.rush.rounds import Act, Wish, all_at_once
from tests.rush.rush import Ground, Rush

DEEDS: dict[str, Callable[[Rush, Wish], list[Act]]] = {
    "starts": of_runs.start,
    "asks again": of_runs.again,
    "mails": of_runs.mail,
    "ends": of_runs.end,
    "leaves": of_runs.leave,
    "gives up": of_runs.settle,
    "skips": of_runs.skip,
    "hands over": of_runs.hand_over,
    "vanishes": of_runs.vanish,
    "is stopped": of_others.leave_or_stop,
    "is paused": of_others.pause,
    "is resumed": of_others.resume,
    "is changed": of_others.change,
    "is merged": of_others.merge,
    "is published": of_others.release,
    "opts out": of_others.opt_out,
    "is settled": of_others.say_of_doubt,
}
OFTEN = (
    *("starts",) * 4,
    *("asks again",) * 2,
    *("mails",) * 6,
    *("is published", "is paused"),
)
NUMBERS = st.integers(min_value=0, max_value=5)
WISH = st.builds(Wish, st.sampled_from((*OFTEN, *DEEDS)), NUMBERS, NUMBERS, st.integers(0, 12))
LATER = st.sampled_from([0, 0, 1, 1, 60, 12 * 60, 24 * 60])
ROUND = st.tuples(LATER, st.lists(WISH, min_size=3, max_size=6))
LIFE = st.lists(ROUND, min_size=15, max_size=25)


class Life:
    """Rounds in which several wishes come true at once."""

    def __init__(self, ground: Ground, threads: ThreadPoolExecutor) -> None:
        self.engine, self.threads = ground.engine, threads
        self.rush = Rush(ground)
        self.records = look(self.engine, self.rush.now)
        self.story: list[str] = []

    def round(self, later: int, wishes: list[Wish]) -> None:
        rush = self.rush
        rush.now += timedelta(minutes=later)
        rush.new_round()
        acts = of_others.relay(rush)
        for wish in wishes:
            done = DEEDS[wish.deed](rush, wish)
            acts += [replace(one, hesitates=wish.hesitates) for one in done]
        if not acts:
            return

        for act, answer in all_at_once(self.threads, acts):
            self.story.append(f"{rush.now:%a %H:%M} {act.words}: {answer!r:.150}")
            assert not isinstance(answer, BaseException), "\n".join(self.story)
            act.learn(answer)
        before, self.records = self.records, look(self.engine, rush.now)
        rush.hear(self.records)
        faults = self._faults(before, self.records)
        assert faults == [], "\n".join([*self.story, *faults])

    def _faults(self, before: Records, now: Records) -> list[str]:
        rush = self.rush
        return [
            *truths.one_live_enrollment_a_key(now),
            *truths.one_holder_a_group(now),
            *truths.who_holds_is_there_or_called(now),
            *truths.who_lives_in_a_group_stands_in_it(now),
            *truths.no_day_has_more_than_its_pace(now, rush.most_a_day),
            *truths.places_are_counted(now),
            *truths.no_day_is_free_before_one_who_waits(now),
            *truths.no_mail_is_over_the_cap(before, now),
            *truths.nothing_goes_after_an_ending(before, now),
            *truths.nobody_is_taken_for_gone(now, {run.row for run in rush.of("live")}),
            *truths.nobody_sleeps_while_there_is_room(now),
            *rush.late,
            *(f"{send} went twice" for send in rush.ground.sendgrid.twice()),
        ]


def test_whatever_happens_at_once_nobody_is_doubled_or_left_behind(
    ground: Ground, threads: ThreadPoolExecutor
) -> None:
    many = settings.default.max_examples // 10 if settings.default else 1

    # What depends on who comes first shrinks slowly, and to something else.
    @settings(max_examples=many, phases=(Phase.explicit, Phase.reuse, Phase.generate))
    @given(LIFE)
    def lives(rounds: list[tuple[int, list[Wish]]]) -> None:
        life = Life(ground, threads)
        for later, wishes in rounds:
            life.round(later, wishes)

    lives()
