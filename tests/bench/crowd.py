"""Clients that write all the time, and that know afterwards what the server must have kept."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

from chatdesk.client.changes import Change, Lost, StatusChanged
from chatdesk.client.client import ChatClient
from tests.e2e.on_disk import OnDisk
from tests.e2e.writer import Writer
from tests.waiting import until

_WRITERS = 5  # enough that messages of several are in each commit; more only take the processor's time
_BURSTS = (1, 1, 3, 60)  # mostly single messages, as people write; 60 fill a commit
_LONGEST_PAUSE = 0.12  # seconds; several bursts fit between two kills
_RECONNECT_SECONDS = 0.03
_PATIENCE_SECONDS = 60  # far more than a busy machine needs; only a fault takes longer
_WORDS = ("the", "lift", "is", "stuck", "again", "so", "take", "the", "stairs", "Überraschung", "Zoë", "東京", "👋🏽")


class Person:
    """The program's own client, which reconnects sooner than it would by itself."""

    def __init__(self, url: str, nickname: str) -> None:
        self.client = ChatClient(url, nickname, on_changes=self._changed)
        self.said: list[str] = []

    def say(self, text: str) -> None:
        """Send a message."""
        self.said.append(text)
        self.client.send(text)

    @property
    def heard(self) -> list[tuple[int, str]]:
        """The numbers and contents of the messages that the client shows."""
        return [(message.seq, message.content) for message in self.client.state.shown.transcript.messages]

    def _changed(self, changes: list[Change]) -> None:
        for change in changes:
            match change:
                case StatusChanged(Lost(retry_at=float())):
                    asyncio.get_running_loop().call_later(_RECONNECT_SECONDS, self.client.reconnect_now)


@dataclass(frozen=True)
class Crowd:
    """All clients of a run."""

    writers: list[Writer]
    person: Person

    async def settle(self) -> None:
        """Return when every message is confirmed and has reached every client."""
        for writer in self.writers:
            await writer.settle(_PATIENCE_SECONDS)
        await until(lambda: not list(self.person.client.state.shown.outbox), _PATIENCE_SECONDS)
        said = len(self.person.said) + sum(len(writer.said) for writer in self.writers)
        await until(lambda: all(len(writer.heard) >= said for writer in self.writers), _PATIENCE_SECONDS)
        await until(lambda: self.person.client.state.shown.transcript.last_seq >= said, _PATIENCE_SECONDS)

    def compare(self, left: OnDisk) -> Iterator[str]:
        """Return what is wrong on the disk with the messages that are confirmed so far, one sentence each."""
        if left.integrity != "ok":
            yield f"integrity_check: {left.integrity}"
        if not left.index_agrees:
            yield "the search index is wrong"
        if not left.gapless:
            yield "the numbers have gaps"
        contents = [entry.content for entry in left.entries]
        if doubled := len(contents) - len(set(contents)):
            yield f"{doubled} doubled"
        for writer in self.writers:
            for message_id, seq in writer.confirmed.items():
                if contents[seq - 1 : seq] != [writer.said[message_id]]:
                    yield f"{message_id} is confirmed as number {seq}, and is not there"

    def compare_all(self, left: OnDisk, *, in_order: bool = True) -> Iterator[str]:
        """Return what is wrong on the disk and with what each client has received, after ``settle``.

        A writer does not wait with later messages for one that was refused: then they are not ``in_order``.
        """
        contents = [entry.content for entry in left.entries]
        speakers = {writer.nickname: list(writer.said.values()) for writer in self.writers}
        speakers[self.person.client.state.nickname] = self.person.said
        for nickname, said in speakers.items():
            kept = [content for content in contents if content.startswith(f"{nickname} ")]
            if (kept if in_order else sorted(kept)) != (said if in_order else sorted(said)):
                yield f"what {nickname} has said is not there once, in order"
        for writer in self.writers:
            if [message["content"] for message in writer.heard] != contents:
                yield f"{writer.nickname} has heard something else"
        numbered = [(entry.seq, entry.content) for entry in left.entries]
        if self.person.heard != numbered[len(numbered) - len(self.person.heard) :] or not self.person.heard:
            yield f"{self.person.client.state.nickname} shows something else"


@asynccontextmanager
async def crowd(*urls: str) -> AsyncIterator[Crowd]:
    """Connect the clients, to these addresses of one chat by turns, until the context ends."""
    writers = [Writer(urls[number % len(urls)], f"Writer{number}") for number in range(_WRITERS)]
    people = Crowd(writers, Person(urls[-1], "Person"))
    async with asyncio.TaskGroup() as tasks:
        for writer in people.writers:
            tasks.create_task(writer.stay())
        tasks.create_task(people.person.client.run())
        await until(lambda: people.person.client.state.online)
        yield people
        for writer in people.writers:
            writer.leave()
        people.person.client.stop()


@asynccontextmanager
async def talking(people: Crowd, random: Random) -> AsyncIterator[None]:
    """Have the clients send bursts of messages, each after the last one is confirmed, until the context ends."""
    async with asyncio.TaskGroup() as tasks:
        talks = [tasks.create_task(_keep_writing(writer, random)) for writer in people.writers]
        talks.append(tasks.create_task(_keep_talking(people.person, random)))
        yield
        for talk in talks:
            talk.cancel()


async def _keep_writing(writer: Writer, random: Random) -> None:
    while True:
        numbers = range(len(writer.said), len(writer.said) + random.choice(_BURSTS))
        writer.say(*(_sentence(writer.nickname, number, random) for number in numbers))
        await writer.settle(_PATIENCE_SECONDS)
        await asyncio.sleep(random.uniform(0, _LONGEST_PAUSE))


async def _keep_talking(person: Person, random: Random) -> None:
    while True:
        person.say(_sentence(person.client.state.nickname, len(person.said), random))
        await asyncio.sleep(random.uniform(0, _LONGEST_PAUSE))


def _sentence(nickname: str, number: int, random: Random) -> str:
    """Return a text that no other message has."""
    return f"{nickname} {number}: {' '.join(random.choices(_WORDS, k=random.randint(1, 30)))}"
