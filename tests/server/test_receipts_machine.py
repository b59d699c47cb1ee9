"""Whatever people read, enter, leave and turn off: what their clients are told is what the marks say."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.server import receipts
from chatdesk.server.rate_limits import Budget, Rate
from tests.server.chat import Chat, Peer, chat
from tests.server.wire import Event
from tests.waiting import until

NAMES = ("Mara", "Kit", "Ana")
"""The first one hosts."""
ROOM = "build"
Step = tuple[str, int, int]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["say", "say", "read", "read", "read", "back", "exit", "enter", "give", "keep", "allow", "forbid"]
        ),
        st.integers(0, len(NAMES) - 1),
        st.integers(1, 6),
    ),
    min_size=4,
    max_size=24,
)


_BEGINNING: tuple[Step, ...] = (("say", 0, 1), ("say", 1, 1), ("say", 2, 1), ("read", 1, 2), ("read", 2, 3))
"""So that every further step changes something."""


@dataclass
class Person:
    """Somebody with a client, and what is true of them."""

    peer: Peer
    joined: bool = True
    start: int = 0
    furthest: int = 0
    read: int = 0
    gives: bool = True
    told: dict[int, int] = field(default_factory=dict)
    """How many have read which own message, as the client was told."""
    active: bool = True
    answers: dict[str, Event] = field(default_factory=dict)

    def has_read(self, seq: int) -> bool:
        """Whether they count for a message of somebody else."""
        return self.joined and self.gives and self.start < seq <= self.furthest


class World:
    """A room with three people, and the messages by who wrote them."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people
        self.said: list[Person] = []
        self.allowed = True
        self._count = 0

    async def play(self, step: Step) -> None:
        """Let somebody do something, and wait for the answer."""
        what, who, number = step
        person, seq = self.people[who], min(number, len(self.said))
        match what:
            case "say" if person.joined and len(self.said) < 6:
                await self.ask(person, "message", content=f"number {len(self.said)}", room=ROOM)
                self.said.append(person)
            case "read" if person.joined and seq > person.read:
                await self.ask(person, "read", seq=seq, room=ROOM)
                if seq > person.furthest and not (self.allowed and person.gives):
                    person.start = seq
                person.read, person.furthest = seq, max(person.furthest, seq)
            case "back" if person.joined and seq < person.read:
                await self.ask(person, "read", seq=seq, back=True, room=ROOM)
                person.read = seq
            case "exit" if person.joined:
                await self.ask(person, "exit", room=ROOM)
                person.joined = False
            case "enter" if not person.joined:
                await self.ask(person, "enter", room=ROOM)
                person.joined = True
                await self.ask_counts(person)
            case "give" | "keep":
                person.gives = what == "give"
                await self.ask(person, "give_receipts", active=person.gives)
                await self.ask_counts(person)
            case "allow" | "forbid":
                self.allowed = what == "allow"
                await self.ask(self.people[0], "allow_receipts", active=self.allowed)
                for one in self.people:
                    await until(lambda one=one: one.active == (self.allowed and one.gives))  # type: ignore[misc]
                    await self.ask_counts(one)

    async def ask(self, person: Person, command: str, **fields: Any) -> Event:
        """Send a command and return what answers it."""
        self._count += 1
        ref = f"{command} {self._count}"
        person.peer.send(command, id=ref, **fields)
        await until(lambda: ref in person.answers)
        return person.answers[ref]

    async def ask_counts(self, person: Person) -> None:
        """A client asks for its own messages when it enters, and when receipts are there again."""
        own = [seq for seq, author in enumerate(self.said, 1) if author is person]
        if own and person.joined and self.allowed and person.gives:
            await self.ask(person, "receipts", seqs=own, room=ROOM)

    def expected(self, person: Person) -> dict[int, int]:
        """How many others have read each own message, by the marks."""
        own = [seq for seq, author in enumerate(self.said, 1) if author is person]
        others = [one for one in self.people if one is not person]
        return {seq: sum(one.has_read(seq) for one in others) for seq in own}

    async def check(self) -> None:
        """Wait until every client is told what is true, and ask for the same."""
        for person in self.people:
            if not (person.joined and person.gives and self.allowed):
                continue
            expected = self.expected(person)
            await until(lambda p=person, e=expected: {seq: p.told.get(seq, 0) for seq in e} == e)  # type: ignore[misc]
            assert set(person.told) <= set(expected), "nobody hears of messages of others"
            if expected:
                answer = await self.ask(person, "receipts", seqs=list(range(1, len(self.said) + 1)), room=ROOM)
                assert {each["seq"]: each["readers"] for each in answer["messages"]} == expected
            for seq, count in expected.items():
                named = await self.ask(person, "readers", seq=seq, room=ROOM)
                readers = {NAMES[number] for number, one in enumerate(self.people) if one.has_read(seq)}
                assert {each["nickname"] for each in named["readers"]} == readers - {NAMES[self.people.index(person)]}
                assert named["count"] == count


async def listen(person: Person) -> None:
    """Take what the server says, as a client does."""
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            event = await person.peer.event()
            match event["type"]:
                case "receipts":
                    assert person.active or "ref" in event, "told with receipts off"
                    person.told.update((each["seq"], each["readers"]) for each in event["messages"])
                case "receipt_settings":
                    person.active = event["allowed"] and event["given"]
                    if not person.active:
                        person.told.clear()
                case "exited":
                    person.told.clear()
            if ref := event.get("ref") or (event["type"] == "message" and event.get("id")):
                person.answers[ref] = event


async def play(c: Chat, steps: list[Step]) -> None:
    people = []
    for number, name in enumerate(NAMES):
        token = c.server.host_token if not number else "new." + 32 * name[0]
        people.append(Person(await c.join(name, token=token, capabilities=["rooms", "presence", "receipts"])))
    listening = [asyncio.create_task(listen(person)) for person in people]
    world = World(people)
    try:
        for person in people:
            await world.ask(person, "enter", room=ROOM)
        for step in (*_BEGINNING, *steps):
            await world.play(step)
        await world.check()
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_clients_are_told_what_the_marks_say(steps: list[Step]) -> None:
    async def run() -> None:
        async with chat(message_rate=0) as c:
            unlimited = Budget(Rate(0, 0))  # a test asks faster than people
            c.server.dispatcher._budgets = dict.fromkeys(c.server.dispatcher._budgets, unlimited)
            await play(c, steps)

    with patch.object(receipts, "PAUSE_SECONDS", 0.02), patch.object(receipts, "_GATHER_SECONDS", 0.001):
        asyncio.run(run())
