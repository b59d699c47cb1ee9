"""In every order of commands, commits and answers of the log, each member ends up with what the log has."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings

from chatdesk.server.fanout import Pace
from chatdesk.server.session import Session
from tests.server.delayed_log import DelayedRoomHarness
from tests.server.room_harness import ONE_BY_ONE, ONE_SLICE, BoundedConnection, ClientLog, people
from tests.steps import step_sequences

STEPS = step_sequences(
    [
        *("join", "join batched", "resume", "say", "say", "say", "say twice", "stall", "drain", "drain a little"),
        *("leave", "turn", "commit", "commit", "answer", "answer", "ask", "clear"),
    ],
    numbers=21,
    min_size=30,
    max_size=150,
)


class RandomSteps:
    """Takes steps in any order; ``settle`` lets everything happen that is still due."""

    def __init__(self, harness: DelayedRoomHarness, host: Session, host_connection: BoundedConnection) -> None:
        self.harness = harness
        self.host, self.host_connection = host, host_connection

    async def take(self, step: str, number: int) -> None:
        harness = self.harness
        match step:
            case "turn":
                await asyncio.sleep(0)
            case "commit":
                harness.store.commit(number)
            case "answer":
                await harness.store.answer(number)
            case "clear":
                harness.do(self.host, "clear")
            case "join" | "join batched" | "resume" if len(harness.sessions) < 12:
                self.join(step, number)
            case _ if harness.sessions:
                self.act(step, number % len(harness.sessions), number)

    def join(self, step: str, number: int) -> None:
        position: dict[str, Any] = {"epoch": self.harness.log.epoch, "seq": max(0, self.harness.log.last_seq - number)}
        fields = {"resume": position} if step == "resume" else {}
        _, connection = self.harness.join(batched=step == "join batched", **fields)
        if fields:
            connection.resumed = (position["epoch"], position["seq"])

    def act(self, step: str, index: int, number: int) -> None:
        session, connection = self.harness.sessions[index]
        match step:
            case "say":
                self.harness.say(index)
            case "say twice":
                self.harness.say_twice(index)
            case "ask":
                connection.asked += 1
                self.harness.do(session, "history", before=number, id="asked")
            case "stall":
                connection.writable = False
            case "drain":
                self.harness.drain(index, None)
            case "drain a little":
                self.harness.drain(index, 1)
            case "leave":
                self.harness.leave(index)
                connection.close(1000, "")

    async def settle(self) -> None:
        for _ in range(4 * len(self.harness.sessions) + 20):
            for index in range(len(self.harness.sessions)):
                self.harness.drain(index, None)
            await self.harness.store.settle()
            await asyncio.sleep(0)


async def run_steps(steps: list[tuple[str, int]], kept: int, near: int, pace: Pace) -> None:
    harness = DelayedRoomHarness(kept, near, pace)
    steps_taken = RandomSteps(harness, *await harness.host())
    for step, number in steps:
        await steps_taken.take(step, number)
    await steps_taken.settle()
    held = {record.seq: record for record in harness.log._recent._records}
    for _, connection in harness.sessions:
        reader = ClientLog(connection.events, *connection.resumed)
        assert (reader.epoch, reader.last_seq) == (harness.log.epoch, harness.log.last_seq)
        assert kept < 100 or reader.jumps == 0
        for seq, content in reader.held:
            assert seq not in held or content == held[seq].content
        assert people(connection.events) == {person.nickname for person in harness.room.presence.people.values()}
        answers = sum(
            event["type"] in ("history", "error") and event.get("ref") == "asked" for event in connection.events
        )
        assert answers == connection.asked


@pytest.mark.parametrize("kept", [10_000, 12])
@pytest.mark.parametrize("near", [0, 5])
@pytest.mark.parametrize("pace", [ONE_SLICE, ONE_BY_ONE])
@settings(deadline=None)
@given(STEPS)
def test_whatever_happens_every_member_holds_what_the_log_holds(
    kept: int, near: int, pace: Pace, steps: list[tuple[str, int]]
) -> None:
    """Joins, resumes, slow readers, departures, deletions, in every order with what the disk does."""
    asyncio.run(run_steps(steps, kept, near, pace))
