"""Two devices of one person in rooms where somebody else talks, in any order of events.

Each device ends up with the list of rooms that a fresh one fetches: what is unread, what one belongs to and wants to be
told of. Behaviour 18: unread is what is after the mark, not a number that was counted up and down.
"""

import asyncio
import secrets

from hypothesis import example, given, settings

from chatdesk.client.room_list import RoomSummary
from chatdesk.protocol import commands, fields, reading_commands
from chatdesk.protocol.names import LOBBY
from chatdesk.server.session import Session
from tests.client.test_state_machine import Client
from tests.server.room_harness import ONE_SLICE, BoundedConnection, RoomHarness
from tests.steps import step_sequences

TOKENS = [f"{commands.CLIENT_TOKEN_PREFIX}{secrets.token_hex(16)}" for _ in range(2)]
ROOMS = (LOBBY, "garden", "plans")
LEVELS: tuple[fields.Level, ...] = ("all", "mentions", "nothing")
STEPS = step_sequences(
    [
        *("say", "say", "say", "say privately", "read", "read", "see", "see", "see", "second"),
        *("lose", "connect", "enter", "exit", "level", "delete", "all read", "say as Kit"),
    ],
    numbers=60,
    min_size=15,
    max_size=60,
)


class Device(Client):
    """A client with a list of rooms."""

    def __init__(self, harness: RoomHarness, nickname: str, token: str) -> None:
        super().__init__(harness, nickname)
        self.state.token = token

    def connect(self) -> None:
        if self.connection is None:
            self.connection, self._read = BoundedConnection(), 0
            self.session = Session(self.connection)
            self.send(self.state.join(("presence", "rooms"), "window"))

    def second(self) -> None:
        """A second passes."""
        self.now += 1
        self.state.tick(self.now)
        self.send_wanted()

    @property
    def rows(self) -> dict[str, RoomSummary]:
        """The rows of the rooms that the person belongs to; others show no counts."""
        return {row.title: row for row in self.state.summaries() if row.joined}


class Steps:
    def __init__(self) -> None:
        self.harness = RoomHarness(pace=ONE_SLICE)
        self.devices = [Device(self.harness, "Kit", TOKENS[0]) for _ in range(2)]
        self.ana = Device(self.harness, "Ana", TOKENS[1])
        self.all = [self.ana, *self.devices]
        for client in self.all:
            client.connect()
        for room in ROOMS[1:]:
            self.ana.state.enter(room)

    async def take(self, step: str, number: int) -> None:
        device, name = self.devices[number % 2], ROOMS[number % 3]
        room = device.state.rooms.get(name, device.state.home)
        match step:
            case "say":
                self.ana.say(name)
            case "say privately":
                self.ana.send(commands.Message(f"psst {number}", to="Kit"))
            case "say as Kit":
                device.say(room.name)
            case "see":
                room.mark_read(number % (room.transcript.newest + 1))
            case "second":
                device.second()
            case "level":
                setting = reading_commands.SetLevel(LEVELS[number % len(LEVELS)], room.name)
                device.state.list.wish(room.name, "setting", setting)
            case "delete":
                self.ana.send(commands.Delete(number, name))
            case "all read":
                room.mark_all_read()
            case _:
                self.move(step, number, device)
        await self.turns(3)

    def move(self, step: str, number: int, device: Device) -> None:
        match step:
            case "enter":
                device.state.enter(ROOMS[number % 3])
            case "exit":
                device.exit(ROOMS[number % 3])
            case "lose":
                device.lose(number % 3)
            case "connect":
                device.connect()
            case "read":
                device.read()

    async def turns(self, count: int) -> None:
        for _ in range(count):
            await asyncio.sleep(0)
            self.ana.read()
            self.ana.send_wanted()

    async def settle(self) -> None:
        """Let everything happen that is due; what nobody told the server in time is told now."""
        for client in self.all:
            client.connect()
        quiet = 0
        for _ in range(500):
            await self.turns(1)
            for client in self.all:
                client.second()
            quiet = 0 if sum([client.read() for client in self.all]) else quiet + 1
            if quiet == 5:
                return
        raise AssertionError("the clients ask without end")


async def run(taken: list[tuple[str, int]]) -> None:
    steps = Steps()
    await steps.settle()
    for step, number in taken:
        await steps.take(step, number)
    await steps.settle()
    fresh = Device(steps.harness, "Kit", TOKENS[0])
    steps.all.append(fresh)
    await steps.settle()
    for device in steps.devices:
        assert device.rows == fresh.rows


@settings(deadline=None, max_examples=25)
@example([("enter", 22), ("read", 0), ("exit", 16), ("enter", 28)])  # entered again before the server has let it go
@example([("lose", 0), ("say", 29), ("enter", 44), ("connect", 14), ("say", 41)])  # said between the list and the enter
@example([("enter", 2), ("say as Kit", 26), ("say", 56), ("read", 32), ("say as Kit", 26)])  # read where it entered
@given(STEPS)
def test_whatever_happens_each_device_lists_what_a_fresh_one_does(taken: list[tuple[str, int]]) -> None:
    asyncio.run(run(taken))
