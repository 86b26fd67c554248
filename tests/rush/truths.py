"""What is true between any two rounds, whatever happened at once: each truth reckoned slowly."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tests.rush.looking import Records, Row, grouped

DAY = timedelta(days=1)
_TAKES_ROOM = ("claimed", "accepted", "in_doubt", "retry")


def one_live_enrollment_a_key(now: Records) -> Iterator[str]:
    for key, twins in grouped(now.live(), "sequence", "contact_id", "key").items():
        if len(twins) > 1:
            yield f"{len(twins)} live enrollments of {key}"


def one_holder_a_group(now: Records) -> Iterator[str]:
    for who, standing in _standing(now).items():
        holders = [one for one in standing if one["state"] == "holds"]
        # Who has waited long enough asks once more by itself, and is refused.
        wanting = [one for one in standing if one["until_at"] is None or one["until_at"] > now.at]
        if len(holders) > 1 or (wanting and not holders):
            yield f"{len(holders)} hold {who}, and {len(wanting)} want it"


def who_holds_is_there_or_called(now: Records) -> Iterator[str]:
    rows = now.by_id("enrollments")
    for one in [turn for standing in _standing(now).values() for turn in standing]:
        mark = f"turn-{one['id']}-{one['changes']:06}"
        row = rows.get(one["enrollment_id"])
        if row is not None and row["ended_at"] is not None:
            yield f"{one['workflow_id']} has ended and still {one['state']}"
        told = any(turn["id"] == mark for turn in now.told(one["workflow_id"], "turn"))
        if one["state"] == "holds" and row is None and not told:
            yield f"{one['workflow_id']} holds, has not begun and was not called"


def who_lives_in_a_group_stands_in_it(now: Records) -> Iterator[str]:
    turns = {one["enrollment_id"]: one for one in now["turns"] if one["state"] != "over"}
    opted_out = {one["contact_id"] for one in now["sends"] if one["unsubscribed_at"]}
    for row in now.live():
        shares = row["sequence"] in {"quick", "equal", "urgent"}
        if shares and row["contact_id"] not in opted_out and row["id"] not in turns:
            yield f"{row['workflow_id']} lives without a turn"


def no_day_has_more_than_its_pace(now: Records, most: int | None) -> Iterator[str]:
    for (day,), taken in grouped(_kept(now), "day").items():
        if most is not None and len(taken) > most:
            yield f"{len(taken)} have a place on {day}, and {most} may"


def places_are_counted(now: Records) -> Iterator[str]:
    counted = {
        one["day"]: one["taken"]
        for one in now["place_days"]
        if one["share"] == "*" and one["taken"]
    }
    kept = {day: len(taken) for (day,), taken in grouped(_kept(now), "day").items()}
    if counted != kept:
        yield f"counted are {counted}, kept {kept}"


def no_day_is_free_before_one_who_waits(now: Records) -> Iterator[str]:
    pace = next((one["per_day"] for one in now["paces"]), None)
    taken = {day: len(rows) for (day,), rows in grouped(_kept(now), "day").items()}
    for one in now["places"]:
        if one["over"] is not None or one["day"] <= now.at.date():
            continue
        earlier = _days(now.at.date(), one["day"])
        free = [day for day in earlier if pace is None or taken.get(day, 0) < pace]
        if free:
            yield f"{one['workflow_id']} waits for {one['day']}, and {free[0]} is free"


def no_mail_is_over_the_cap(before: Records, now: Records) -> Iterator[str]:
    """Count the day before each mail that was claimed in the round."""
    attempts = {one["id"]: (one["attempt"], one["contact_id"]) for one in before["sends"]}
    most = max(before.cap(), now.cap())
    moved = {
        one["id"]
        for one in now["sends"]
        if attempts.get(one["id"], ("", ""))[1] not in ("", one["contact_id"])
    }
    merged = {one["contact_id"] for one in now["sends"] if one["id"] in moved}
    for one in now["sends"]:
        is_new = attempts.get(one["id"], (0, ""))[0] != one["attempt"]
        if not is_new or one["contact_id"] in merged or one["state"] not in _TAKES_ROOM:
            continue
        gone = [
            other
            for other in _taking(now, one["contact_id"])
            if one["claimed_at"] - DAY < other["claimed_at"] <= one["claimed_at"]
        ]
        if len(gone) > most:
            yield f"{len(gone)} mails in a day to {one['contact_id']}, and {most} may go"


def nothing_goes_after_an_ending(before: Records, now: Records) -> Iterator[str]:
    """Look for claims in the round of what had ended, or was paused and is, before it."""
    known = before.by_id("enrollments")
    rows, attempts = now.by_id("enrollments"), {s["id"]: s["attempt"] for s in before["sends"]}
    for one in now["sends"]:
        row = known.get(one["enrollment_id"])
        if row is None or attempts.get(one["id"]) == one["attempt"]:
            continue
        if row["ended_at"] is not None:
            yield f"{one['step']} of {row['workflow_id']} was claimed after it had ended"
        if row["paused_at"] is not None and rows[row["id"]]["paused_at"] == row["paused_at"]:
            yield f"{one['step']} of {row['workflow_id']} was claimed while it was paused"


def nobody_is_taken_for_gone(now: Records, running: set[str]) -> Iterator[str]:
    """Look for endings of what runs that only a workflow which runs no more can have."""
    for row in now["enrollments"]:
        if str(row["id"]) in running and "did not run any more" in (row["ending_why"] or ""):
            yield f"{row['workflow_id']} was ended as one that runs no more"


def nobody_sleeps_while_there_is_room(now: Records) -> Iterator[str]:
    for contact in {one["contact_id"] for one in now["deferrals"]}:
        waiting = _waiting(now, contact)
        for one in waiting:
            if one["until_at"] <= now.at or one["give_up_at"] <= now.at:
                continue
            ahead = [
                other["until_at"]
                for other in waiting
                if _rank(other) < _rank(one) and other["until_at"] <= other["give_up_at"]
            ]
            own = (one["enrollment_id"], one["step"], one["occurrence"])
            gone = [
                other["claimed_at"]
                for other in _taking(now, contact)
                if (other["enrollment_id"], other["step"], other["occurrence"]) != own
            ]
            if _has_room(now.cap(), [*gone, *ahead], now.at) and not _was_called(now, one):
                yield (
                    f"{one['step']} of {one['enrollment_id']} sleeps until {one['until_at']}, "
                    f"and there is room at {now.at}"
                )


def _has_room(most: int, taken: list[datetime], at: datetime) -> bool:
    ends = [at, *(one for one in taken if at < one < at + DAY)]
    return all(sum(end - DAY < one <= end for one in taken) < most for end in ends)


def _was_called(now: Records, deferral: Row) -> bool:
    row = now.by_id("enrollments")[deferral["enrollment_id"]]
    return any(
        room["step"] == deferral["step"] and room["asks"] >= deferral["asks"]
        for room in now.told(row["workflow_id"], "room")
    )


def _waiting(now: Records, contact: str) -> list[Row]:
    rows = now.by_id("enrollments")
    return [
        one
        for one in now["deferrals"]
        if one["contact_id"] == contact
        and one["over_at"] is None
        and one["give_up_at"] is not None
        and rows[one["enrollment_id"]]["ended_at"] is None
        and rows[one["enrollment_id"]]["paused_at"] is None
    ]


def _rank(one: Row) -> tuple[object, ...]:
    mark = f"{one['enrollment_id']} {one['step']} {one['occurrence']}"
    return -one["priority"], one["due_at"], one["since_at"], mark


def _taking(now: Records, contact: object) -> list[Row]:
    return [
        one for one in now["sends"] if one["contact_id"] == contact and one["state"] in _TAKES_ROOM
    ]


def _kept(now: Records) -> list[Row]:
    return [one for one in now["places"] if one["over"] in (None, "entered")]


def _days(since: date, until: date) -> list[date]:
    return [since + number * DAY for number in range((until - since).days)]


def _standing(now: Records) -> dict[tuple[object, ...], list[Row]]:
    wanted = [one for one in now["turns"] if one["state"] != "over"]
    return grouped(wanted, "exclusive", "contact_id")
