"""Clients in several rooms of a real server core, in any order of events: each ends up with what a fresh one fetches.

Messages, changes of them, slow readers, lost lines, events that were on the way, jumps, rooms that are entered and
left, deletions.
"""

import asyncio
import json
import secrets

import pytest
from hypothesis import given, settings

from chatdesk.client import transcript as transcript_module
from chatdesk.client.connection import read_event
from chatdesk.client.outbox import Outgoing
from chatdesk.client.room_state import RoomState
from chatdesk.client.state import ChatState
from chatdesk.client.wanted_commands import commands_to_send
from chatdesk.protocol import codec, commands
from chatdesk.server.fanout import Pace
from chatdesk.server.hub import LOBBY
from chatdesk.server.session import Session
from tests.server.room_harness import ONE_BY_ONE, ONE_SLICE, BoundedConnection, RoomHarness
from tests.steps import step_sequences

_QUIET_TURNS = 5
"""Turns of the loop without an event, after which none is due: a fan-out goes on in each turn."""
ROOMS = (LOBBY, "garden")
CLIENTS = 4
STEPS = step_sequences(
    [
        *("say", "say", "say", "say in the garden", "say in the garden", "read", "read", "read"),
        *("lose", "connect", "connect", "stall", "stall soon", "drain", "turn"),
        *("edit", "edit", "edit in the garden", "enter", "enter", "exit", "older", "newer", "jump", "latest", "clear"),
    ],
    numbers=60,
    min_size=30,
    max_size=150,
)


class Client:
    """A client's state, and its end of a connection, which may be lost."""

    def __init__(self, harness: RoomHarness, nickname: str) -> None:
        self.harness = harness
        self.state = ChatState(nickname, token=f"{commands.CLIENT_TOKEN_PREFIX}{secrets.token_hex(16)}")
        self.connection: BoundedConnection | None = None
        self.session: Session | None = None
        self.said = 0
        self.now = 0.0
        self._read = 0

    def connect(self) -> None:
        """Join, if the client is not connected."""
        if self.connection is None:
            self.connection, self._read = BoundedConnection(), 0
            self.session = Session(self.connection)
            self.send(self.state.join(("presence",), "window"))

    def send(self, command: commands.Command) -> None:
        """Send a command."""
        if self.session:
            self.harness.dispatcher.receive(self.session, codec.encode(command).decode())

    def read(self, lost: int = 0) -> int:
        """Apply what has come, except the last events, which are lost; send what is wanted then; return how many."""
        events = self.connection.events if self.connection else []
        new = events[self._read : max(self._read, len(events) - lost)]
        for event in new:
            self._read += 1
            whole = read_event(json.dumps(event).encode())
            if whole is not None:
                self.state.apply(whole, self.now)
            self.send_wanted()
        return len(new)

    def send_wanted(self) -> None:
        """Send the requests whose turn it is."""
        if self.state.online:
            for command in list(commands_to_send(self.state, self.now)):
                self.send(command)

    def lose(self, lost: int = 0) -> None:
        """Lose the line, and the last events with it."""
        if self.session:
            self.read(lost)
            self.harness.hub.leave(self.session, dropped=True)
            self.connection = self.session = None
            self.state.disconnected()

    def say(self, room: str) -> None:
        """Write a message, if the client is in the room."""
        if room in self.state.rooms:
            self.said += 1
            entry = Outgoing(f"{self.state.nickname} {self.said}", f"{self.state.nickname} {self.said}", "")
            self.state.rooms[room].queue(entry)
            self.send_wanted()

    def edit(self, room: str, back: int) -> None:
        """Change one of the client's own messages, if it is in the room."""
        state = self.state.rooms.get(room)
        own = [message for message in state.transcript.messages if self.state.is_mine(message)] if state else []
        if own and self.state.online:
            self.said += 1
            seq = own[-1 - back % len(own)].seq
            self.send(commands.Edit(seq, f"{self.state.nickname} {self.said}", room))

    def exit(self, room: str) -> None:
        """Leave a room other than the first one."""
        if self.state.rooms.get(room, self.state.home) is not self.state.home:
            if self.state.is_in(room):
                self.said += 1
                self.state.leaving[room] = f"exit {self.said}"
                self.send(commands.Exit(room, f"exit {self.said}"))
            self.state.exit(room)

    def drain(self) -> None:
        """Read again, after having been slow."""
        if self.connection and self.session:
            self.connection.writable, self.connection.writes_left = True, None
            self.session.catch_up()


class Steps:
    """Takes steps in any order."""

    def __init__(self, harness: RoomHarness) -> None:
        self.harness = harness
        self.clients = [Client(harness, f"Kit {number}") for number in range(CLIENTS)]

    async def take(self, step: str, number: int) -> None:
        client = self.clients[number % CLIENTS]
        room = client.state.rooms.get(ROOMS[number % 2], client.state.home)
        match step:
            case "turn":
                await asyncio.sleep(0)
            case "say":
                client.say(LOBBY)
            case "say in the garden":
                client.say("garden")
            case "edit":
                client.edit(LOBBY, number)
            case "edit in the garden":
                client.edit("garden", number)
            case "read":
                client.read()
            case "lose":
                client.lose(number % 5)
            case "connect":
                client.connect()
            case "stall" if client.connection:
                client.connection.writable = False
            case "stall soon" if client.connection:
                client.connection.writes_left = number % 7
            case "drain":
                client.drain()
            case "enter":
                client.state.enter("garden")
            case "exit":
                client.exit("garden")
            case "clear":
                self.harness.hub.rooms[LOBBY].clear(lambda _error: None) if LOBBY in self.harness.hub.rooms else None
            case _:
                self.scroll(step, number, room)
        client.send_wanted()

    def scroll(self, step: str, number: int, room: RoomState) -> None:
        match step:
            case "older":
                room.transcript.load_older()
            case "newer":
                room.transcript.load_newer()
            case "jump":
                room.transcript.go_to(number)
            case "latest":
                room.go_to_latest()

    async def settle(self) -> None:
        """Let everything happen that is due."""
        for client in self.clients:
            client.connect()
            client.drain()
        quiet = 0
        for _ in range(500):
            await asyncio.sleep(0)
            for client in self.clients:
                client.now += 1
                client.drain()
                client.send_wanted()
            quiet = 0 if sum([client.read() for client in self.clients]) else quiet + 1
            if quiet == _QUIET_TURNS:
                return
        raise AssertionError("the clients ask without end")


async def fetched(steps: Steps) -> ChatState:
    """What a fresh client makes of the rooms, with their whole history."""
    fresh = Client(steps.harness, "Zoe")
    fresh.state.enter("garden")
    steps.clients.append(fresh)
    await steps.settle()
    while older := [room for room in fresh.state.rooms.values() if room.transcript.has_older]:
        for room in older:
            room.transcript.load_older()
        fresh.send_wanted()
        await steps.settle()
    return fresh.state


async def run(taken: list[tuple[str, int]], pace: Pace) -> None:
    harness = RoomHarness(pace=pace)
    steps = Steps(harness)
    for step, number in taken:
        await steps.take(step, number)
    await steps.settle()
    clients = list(steps.clients)
    for client in clients:
        for room in client.state.rooms.values():
            room.transcript.go_to_latest()
            client.send_wanted()
    await steps.settle()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transcript_module, "MAX_KEPT", 10_000)
        fresh = await fetched(steps)
    for client in clients:
        for room in client.state.rooms.values():
            compare(room, fresh.rooms[room.name])


def compare(room: RoomState, fresh: RoomState) -> None:
    """The room is as a fresh client has it."""
    messages = {message.seq: message for message in fresh.transcript.messages}
    transcript = room.transcript
    assert room.stage == "inside"
    assert (transcript.epoch, transcript.newest) == (fresh.transcript.epoch, fresh.transcript.newest)
    assert (transcript.live, transcript.last_seq) == (True, fresh.transcript.last_seq)
    assert transcript.messages == [messages[message.seq] for message in transcript.messages]
    assert room.people.here.keys() == fresh.people.here.keys()
    assert not list(room.outbox)
    own = [message for message in messages.values() if room.own.is_mine(message)]
    assert {message.nickname for message in own} <= {room.own.nickname}
    assert len({message.id for message in own}) == len(own), "nothing is said twice"


@pytest.mark.parametrize("pace", [ONE_SLICE, ONE_BY_ONE])
@settings(deadline=None, max_examples=50)
@given(STEPS)
def test_whatever_happens_each_client_ends_up_with_what_a_fresh_one_fetches(
    pace: Pace, taken: list[tuple[str, int]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"MAX_KEPT": 40, "_TRIM": 8, "_PAGE": 6, "_MAX_AHEAD": 10}.items():
            patch.setattr(transcript_module, name, value)
        asyncio.run(run(taken, pace))
