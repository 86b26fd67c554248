"""Two contacts merged by the command line, on a running stack: one is mailed, once."""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path

import pytest

from devstack.demo.stage import Stage
from devstack.emulator.selection import Selection
from schemas.enrollment import EnrollmentReport
from tests.acceptance.commanding import Desk, Ran, desk_in

LATER = "2099-01-01T09:00Z"


@dataclass
class Two:
    """Two contacts, `kept` and `other`, who are one person, and the sequence that wants both."""

    stage: Stage
    desk: Desk

    async def run(self, *words: str) -> Ran:
        return await asyncio.to_thread(self.desk.run, *words)

    async def brought_in(self, folder: Path) -> None:
        assert (await asyncio.to_thread(self.desk.publish, folder)).status == 0
        rows = [f"{self.key(who)},Ada,{self.address(who)},vp-ops,UTC," for who in ("kept", "other")]
        assert (await asyncio.to_thread(self.desk.bring_in, folder, *rows)).status == 0

    def key(self, who: str) -> str:
        return f"{self.desk.name}-{who}"

    def address(self, who: str) -> str:
        return f"{who}@{self.desk.name}.example"

    async def enrolled(self, who: str, *more: str) -> str:
        ran = await self.run("enroll", self.desk.name, self.key(who), *more)
        assert ran.status == 0, ran.err
        return await asyncio.to_thread(self.desk.enrollment_of, self.key(who))

    async def merged(self, *more: str) -> Ran:
        names = (self.key("kept"), self.address("other"))
        return await self.run("merge", *names, "--who", "kim", *more)

    async def report(self, enrollment: str) -> EnrollmentReport:
        workflow = self.stage.client.get_workflow_handle(enrollment, result_type=EnrollmentReport)
        report: EnrollmentReport = await workflow.result()
        return report

    async def mails(self, who: str) -> list[str]:
        mails = await self.stage.emulator.mails(Selection(to=self.address(who)))
        return [mail.subject for mail in mails]


@pytest.fixture
async def two(stack: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Two:
    two = Two(stage, desk_in(stack, f"merge-{secrets.token_hex(4)}", monkeypatch))
    await two.brought_in(tmp_path)
    return two


async def test_of_two_in_one_sequence_the_further_goes_on_to_the_kept_address(two: Two) -> None:
    further = await two.enrolled("other")
    await two.run("dev", "skip", further, "1m")
    behind = await two.enrolled("kept", "--at", LATER)

    ran = await two.merged()
    again = await two.merged()
    ended = await two.report(behind)
    await two.run("dev", "skip", further, "9d")

    assert (ran.status, again.status) == (0, 0), ran.err
    assert ran.out.splitlines()[0].endswith(" now; live enrollments: 1")
    assert ran.out.splitlines()[1:] == [f"{behind} ended as merged"]
    assert again.out.endswith(" before: nothing changed\n")
    assert ended.ending == "merged"
    assert (await two.report(further)).ending == "completed"
    assert await two.mails("other") == ["Hello Ada"]
    assert await two.mails("kept") == ["Re: Hello Ada"]
    shown = await two.run("show", behind)
    assert f"{behind}: merged" in shown.out


async def test_an_opt_out_and_a_pause_of_the_other_hold_for_the_kept(two: Two) -> None:
    enrollment = await two.enrolled("kept", "--at", LATER)
    await two.run("signal", two.key("other"), "unsubscribe")
    await two.run("pause", f"contact:{two.key('other')}", "--why", "they rang")

    ran = await two.merged("--json")
    brakes = await two.run("brakes", "--json")

    merged = ran.value()
    assert isinstance(merged, dict)
    assert (merged["new"], merged["going_on"], merged["ended"]) == (True, 1, [])
    assert (await two.report(enrollment)).ending == "unsubscribed"
    assert f'"target": "{merged["contact"]}"' in brakes.out
    assert (await two.run("resume", f"contact:{two.key('other')}")).status == 0


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("nobody", "kept"), "no contact has the first id, external key or address"),
        (("kept", "nobody"), "no contact has the second id, external key or address"),
        (("kept", "kept"), "both name one and the same contact"),
    ],
)
async def test_what_cannot_be_merged_is_refused_in_a_sentence(
    two: Two, names: tuple[str, str], reason: str
) -> None:
    ran = await two.run("merge", *map(two.key, names))

    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(f"postroad: {reason}")
    assert ran.err.count("\n") == 1
