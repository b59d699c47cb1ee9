"""In every order of commands, commits and answers of the log, each client ends up with what a fresh one would fetch."""

import asyncio

from hypothesis import given, settings
from hypothesis.strategies import sampled_from

from chatdesk.server.fanout import Pace
from chatdesk.server.session import Session
from tests.server.delayed_log import FULL, DelayedRoomHarness
from tests.server.room_client import RoomClient
from tests.server.room_harness import ONE_BY_ONE, ONE_SLICE
from tests.steps import step_sequences

ROOMS = ("lobby", "plans", "quiet")
CLIENTS = 4
"""The last one is a second device of the first person."""
STEPS = step_sequences(
    [
        *("say", "say", "say", "say", "say twice", "edit", "edit", "commit", "commit", "answer", "answer", "turn"),
        *("connect", "connect", "connect batched", "drop", "lose the end", "enter", "enter", "exit", "leave"),
        *("stall", "drain", "drain a little", "ask", "clear", "disk", "turn"),
    ],
    numbers=64,
    min_size=30,
    max_size=150,
)


class RandomSteps:
    """Takes steps in any order; ``settle`` lets everything happen that is still due."""

    def __init__(self, harness: DelayedRoomHarness, host: Session) -> None:
        self.harness = harness
        self.host = host
        self.clients = [RoomClient(harness, f"Guest {number}") for number in range(CLIENTS - 1)]
        self.clients.append(RoomClient(harness, self.clients[0].nickname, self.clients[0].token))

    async def start(self) -> None:
        """All but the last are in all rooms and have said something there."""
        for client in self.clients[:-1]:
            for number, room in enumerate(ROOMS):
                client.enter(room) if number else client.connect(room)
                await self.harness.store.settle()
                client.say(room, twice=False)
        await self.settle()

    async def take(self, step: str, number: int) -> None:
        client, room = self.clients[number % CLIENTS], ROOMS[number // CLIENTS % len(ROOMS)]
        match step:
            case "turn":
                await asyncio.sleep(0)
            case "commit":
                self.harness.store.commit(number % 21)
            case "answer":
                await self.harness.store.answer(number % 21)
            case "clear":
                self.harness.do(self.host, "clear", room=room)
            case "disk":
                self.harness.store.set_problem(None if self.harness.store.problem else FULL)
            case "connect" | "connect batched":
                client.connect(room, batched=step == "connect batched")
            case _ if client.session:
                self.act(client, step, room, number)
        self.end_closed()

    def act(self, client: RoomClient, step: str, room: str, number: int) -> None:
        match step:
            case "say" | "say twice":
                client.say(room, twice=step == "say twice")
            case "edit":
                client.edit(room, number)
            case "enter":
                client.enter(room)
            case "exit":
                client.do("exit", room=room)
            case "ask":
                client.ask(room, number)
            case "stall":
                client.connection.writable = False
            case "drain" | "drain a little":
                client.drain(None if step == "drain" else 1)
            case "drop" | "lose the end":
                client.drop(lost=number % 8 if step == "lose the end" else 0)
            case "leave":
                client.leave()

    def end_closed(self) -> None:
        """What the server does when it has closed a connection: the log could not be read for a slow reader."""
        for client in self.clients:
            if client.session and client.connection.closing:
                client.drop()

    async def settle(self) -> None:
        if self.harness.store.problem:
            self.harness.store.set_problem(None)
        for _ in range(4 * CLIENTS + 20):
            for client in self.clients:
                client.drain(None)
            await self.harness.store.settle()
            await asyncio.sleep(0)
            self.end_closed()


async def run_steps(steps: list[tuple[str, int]], kept: int, near: int, pace: Pace) -> None:
    harness = DelayedRoomHarness(kept, near, pace)
    host, _ = await harness.host()
    for room in ROOMS[1:]:
        harness.do(host, "enter", room=room)
        await harness.store.settle()
    steps_taken = RandomSteps(harness, host)
    await steps_taken.start()
    for step, number in steps:
        await steps_taken.take(step, number)
    await steps_taken.settle()
    fresh = RoomClient(harness, "Fresh")
    fresh.connect(ROOMS[0])
    for room in ROOMS[1:]:
        fresh.enter(room)
    for room in ROOMS:
        fresh.fetch(room)
    await steps_taken.settle()
    fresh.read()
    for client in steps_taken.clients:
        if client.session:
            client.read()
            check(client, fresh, kept)


def check(client: RoomClient, fresh: RoomClient, kept: int) -> None:
    """The client holds what a fresh one does: at least the messages since it began, and all who are there."""
    assert client.answered == client.asked
    assert sorted(client.rooms) == sorted(client.memberships)
    for name, copy in client.rooms.items():
        present = fresh.rooms[name]
        assert (copy.epoch, copy.position, copy.last_seq) == (present.epoch, present.position, present.last_seq)
        now = {seq: message for seq, message in fresh.pages[name].items() if seq >= copy.first_seq}
        assert now.items() <= copy.messages.items()
        older = {seq: message for seq, message in copy.older.items() if seq in fresh.pages[name]}
        assert older.items() <= fresh.pages[name].items()
        assert copy.people == present.people
        assert kept < 100 or copy.jumps == 0


@settings(deadline=None, max_examples=200)
@given(sampled_from([10_000, 12]), sampled_from([0, 5]), sampled_from([ONE_SLICE, ONE_BY_ONE]), STEPS)
def test_whatever_happens_every_client_holds_what_a_fresh_one_fetches(
    kept: int, near: int, pace: Pace, steps: list[tuple[str, int]]
) -> None:
    """Several rooms at once, reconnects, slow readers, edits, deletions, in every order with what the disk does."""
    asyncio.run(run_steps(steps, kept, near, pace))
