"""Whatever happens, in whatever order with what the disk does: every member holds what the log holds."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.server.fanout import HEADLESS, Pace
from tests.server.circle import Reader, people
from tests.server.late import LateCircle

ONE_BY_ONE = Pace(work=0.0, rest=0.0)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *(
                    "join",
                    "join batched",
                    "resume",
                    "say",
                    "say",
                    "say",
                    "say twice",
                    "stall",
                    "drain",
                    "drain a little",
                ),
                *("leave", "turn", "commit", "commit", "answer", "answer", "ask", "clear"),
            ]
        ),
        st.integers(0, 20),
    ),
    min_size=30,
    max_size=150,
)


class Course:
    """Steps in any order; at the end everything is let happen that is still to come."""

    def __init__(self, circle: LateCircle) -> None:
        self.circle = circle
        self.host, self.host_link = circle.host()

    async def take(self, step: str, number: int) -> None:
        circle = self.circle
        match step:
            case "turn":
                await asyncio.sleep(0)
            case "commit":
                circle.archive.commit(number)
            case "answer":
                circle.archive.answer(number)
            case "clear":
                circle.do(self.host, "clear")
            case "join" | "join batched" | "resume" if len(circle.sessions) < 12:
                self.join(step, number)
            case _ if circle.sessions:
                self.act(step, number % len(circle.sessions), number)

    def join(self, step: str, number: int) -> None:
        mark: dict[str, Any] = {"epoch": self.circle.log.epoch, "seq": max(0, self.circle.log.last_seq - number)}
        fields = {"resume": mark} if step == "resume" else {}
        _, link = self.circle.join(batched=step == "join batched", **fields)
        if fields:
            link.resumed = (mark["epoch"], mark["seq"])

    def act(self, step: str, index: int, number: int) -> None:
        session, link = self.circle.sessions[index]
        match step:
            case "say":
                self.circle.say(index)
            case "say twice":
                self.circle.say_twice(index)
            case "ask":
                link.asked += 1
                self.circle.do(session, "history", before=number, ref="asked")
            case "stall":
                link.writable = False
            case "drain":
                self.circle.drain(index, None)
            case "drain a little":
                self.circle.drain(index, 1)
            case "leave":
                self.circle.leave(index)
                link.close(1000, "")

    async def settle(self) -> None:
        for _ in range(4 * len(self.circle.sessions) + 20):
            for index in range(len(self.circle.sessions)):
                self.circle.drain(index, None)
            self.circle.archive.settle()
            await asyncio.sleep(0)


async def course(steps: list[tuple[str, int]], kept: int, near: int, pace: Pace) -> None:
    circle = LateCircle(kept, near, pace)
    run = Course(circle)
    for step, number in steps:
        await run.take(step, number)
    await run.settle()
    held = {entry.seq: entry for entry in circle.log._recent._entries}
    for _, link in circle.sessions:
        reader = Reader(link.events, *link.resumed)
        assert (reader.epoch, reader.last_seq) == (circle.log.epoch, circle.log.last_seq)
        assert kept < 100 or reader.jumps == 0
        for seq, content in reader.held:
            assert seq not in held or f'"{content}"'.encode() in held[seq].payload
        assert people(link.events) == {person.nickname for person in circle.room.presence.people.values()}
        answers = sum(event["type"] in ("history", "error") and event.get("ref") == "asked" for event in link.events)
        assert answers == link.asked


@pytest.mark.parametrize("kept", [10_000, 12])
@pytest.mark.parametrize("near", [0, 5])
@pytest.mark.parametrize("pace", [HEADLESS, ONE_BY_ONE])
@settings(deadline=None)
@given(STEPS)
def test_whatever_happens_every_member_holds_what_the_log_holds(
    kept: int, near: int, pace: Pace, steps: list[tuple[str, int]]
) -> None:
    """Joins, resumes, slow readers, departures, deletions, in every order with what the disk does."""
    asyncio.run(course(steps, kept, near, pace))
