"""What survives the program: who one was, what was not sent, what was not read. Nothing is lost, nothing said twice."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from chatdesk.client import client as module
from chatdesk.client.changes import Confirmed, Ended, Jumped, Lost, Noticed, NotSent, Sending, Unfinished
from chatdesk.client.memory import Card, Memory, Place
from chatdesk.client.outbox import Outgoing
from chatdesk.client.reading import Divider
from chatdesk.client.state import _ANOTHER_CHAT
from chatdesk.config import ServerConfig
from chatdesk.log.memory import MemoryArchive
from chatdesk.protocol import events
from chatdesk.protocol.commands import OWN_TOKEN
from chatdesk.protocol.errors import ErrorCode
from chatdesk.server.budget import Budget
from chatdesk.server.server import ChatServer
from chatdesk.server.session import Session
from tests.client.line import line
from tests.client.person import LastingArchive, Person, cut, person
from tests.server.chat import chat
from tests.server.late import FULL, LateArchive
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_factories=["asyncio", "qt"]), pytest.mark.usefixtures("qapp")]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.client.backoff._FIRST_SECONDS", 0.02)
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.05)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "joined")


def identity(person: Person) -> str:
    return (person.state.token or "").partition(".")[0]


@contextlib.asynccontextmanager
async def dying(port: int, memory: Memory) -> AsyncIterator[Person]:
    """Kit's program, which ends in the middle of everything, without a word to the server."""
    kit = Person(port, "Kit", memory=memory)
    running = asyncio.create_task(kit.client.run())
    await until(lambda: kit.state.online)
    yield kit
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def settled(archive: LateArchive, condition: Callable[[], object]) -> None:
    """Wait for something, with a disk that is quick."""
    await until(lambda: (archive.settle(), condition())[1])


async def test_who_comes_back_after_a_restart_of_both_is_the_same_person(memory: Memory) -> None:
    archive = LastingArchive()
    async with chat(archive=archive) as c, dying(c.server.port, memory) as before:
        port = c.server.port
    async with ChatServer(ServerConfig(port, "127.0.0.1"), archive, {}), person(port, "Kit", memory=memory) as after:
        assert identity(after) == identity(before)


async def test_what_was_typed_offline_goes_out_once_after_a_restart_of_the_program(memory: Memory) -> None:
    archive = LateArchive(near=100)
    async with chat(archive=archive) as c:
        async with dying(c.server.port, memory) as kit:
            kit.client.send("on its way")
            await until(lambda: archive.writes)
            kit.client.send("typed later")
            too_long = kit.client.send("x" * 8001)
        archive.commit()
        again = Person(c.server.port, "Kit", memory=memory)
        again.client.send("typed at once")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(again.client.run())
            await settled(archive, lambda: again.told(NotSent))
            await settled(archive, lambda: again.said[-1:] == ["typed at once"])
            again.client.stop()
        assert again.said == ["on its way", "typed later", "typed at once"]
        assert c.server.traffic.messages == 3
        assert [(entry.id, entry.error) for entry in again.state.outbox] == [(too_long, "The message is too long.")]
        shown = [change.entry.content for change in again.told(Sending) if isinstance(change, Sending)]
        assert shown[:3] == ["typed at once", "on its way", "typed later"]
    assert [entry.id for entry in kept(memory)] == [too_long]


async def test_what_was_being_written_outlives_the_program(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NOTE_SECONDS", 0.0)
    async with chat() as c:
        async with dying(c.server.port, memory) as kit:
            kit.client.write("half a\u00a0sentence")
            await until(lambda: written(memory) == ["half a\u00a0sentence"])
        async with person(c.server.port, "Kit", memory=memory) as again:
            await until(lambda: again.told(Unfinished))
            assert again.told(Unfinished) == [Unfinished("half a\u00a0sentence")]
            again.client.write("")
            again.client.send("half a sentence, and the other half")
            assert written(memory) == [""]


async def test_a_message_that_is_taken_back_is_kept_as_unfinished_at_once(memory: Memory) -> None:
    async with chat() as c:
        async with dying(c.server.port, memory) as kit:
            kit.client.write("later")
            message_id = kit.client.send("x" * 8001)
            await until(lambda: kit.told(NotSent))
            assert kit.client.take_back(message_id) == "x" * 8001
            assert written(memory) == [f"{'x' * 8001}\nlater"]
        async with person(c.server.port, "Kit", memory=memory) as again:
            await until(lambda: again.told(Unfinished))
            assert list(again.state.outbox) == []


async def test_two_windows_of_one_identity_both_get_rid_of_what_they_say(memory: Memory) -> None:
    async with (
        chat() as c,
        person(c.server.port, "Kit", memory=memory) as first,
        person(c.server.port, "Kit", memory=memory) as second,
    ):
        assert identity(first) == identity(second)
        cut(c, "Kit")
        first.client.send("one")
        second.client.send("two")
        await until(lambda: sorted(first.said) == sorted(second.said) == ["one", "two"])
        assert c.server.traffic.messages == 2
        assert kept(memory) == []


async def test_who_claims_to_be_a_known_server_elsewhere_gets_nothing_by_itself(memory: Memory) -> None:
    true = LastingArchive()
    async with chat(archive=true) as c, dying(c.server.port, memory) as before:
        port = c.server.port
        await c.server.__aexit__(None, None, None)
        await until(lambda: not before.state.online)
        secret = before.client.send("for your ears only")
        before.client.send("for all of you")
    false = MemoryArchive()
    false.server_id = true.server_id
    async with chat(archive=false) as fake:
        shown = listen(fake.server)
        async with person(fake.server.port, "Kit", memory=memory) as kit:
            assert [entry.error for entry in kit.state.outbox] == [_ANOTHER_CHAT] * 2
            await until(lambda: len(kit.told(NotSent)) == 2)
            cut(fake, "Kit")
            await until(lambda: len(shown) == 2 and kit.state.online)
            kit.client.send("Who are you?")
            await until(lambda: kit.said == ["Who are you?"])
        first_shown, later_shown = shown
        assert str(first_shown).startswith(OWN_TOKEN), "not what the other server gave"
        assert later_shown == kit.state.token
        assert identity(kit) != identity(before)
        assert fake.server.traffic.messages == 1
    async with (
        ChatServer(ServerConfig(port, "127.0.0.1"), true, {}) as genuine,
        person(port, "Kit", memory=memory) as again,
    ):
        await until(lambda: again.said == ["for your ears only", "for all of you"])
        assert identity(again) == identity(before)
        assert genuine.traffic.messages == 2
        assert again.state.messages[0].id == secret


async def test_the_same_host_at_another_port_is_the_same_host(memory: Memory) -> None:
    """One has one's name there, and what waits goes out by itself; and again where one was before."""
    archive = LastingArchive()
    async with chat(archive=archive) as first:
        async with dying(first.server.port, memory):
            pass
        async with dying(first.server.port, memory) as before:
            await first.server.__aexit__(None, None, None)
            await until(lambda: not before.state.online)
            before.client.send("once more")
    async with chat(archive=archive) as moved:
        async with dying(moved.server.port, memory) as kit:
            await until(lambda: kit.said == ["once more"])
            assert (kit.state.nickname, identity(kit)) == ("Kit", identity(before))
            assert kit.told(NotSent) == kept(memory) == []
        shown = listen(moved.server)
        async with person(moved.server.port, "Kit", memory=memory) as again:
            assert shown == [again.state.token], "without a question, for this is where one was last"


async def test_who_passes_on_what_the_true_server_says_is_not_taken_for_it(memory: Memory) -> None:
    archive = LastingArchive()
    async with chat(archive=archive) as first:
        async with dying(first.server.port, memory):
            pass
        async with dying(first.server.port, memory) as before:  # who has come with a token has the name kept
            await first.server.__aexit__(None, None, None)
            await until(lambda: not before.state.online)
            again, never = before.client.send("once more"), before.client.send("never mind")
    async with chat(archive=archive) as moved, line(moved.server.port) as between:
        shown = listen(moved.server)
        taken = Person(between.port, "Kit", memory=memory)
        await taken.client.run()
        assert isinstance(taken.state.status, Ended)
        assert taken.state.status.nickname_error, "nothing proves that it is the same Kit"
        assert [str(token).startswith(OWN_TOKEN) for token in shown] == [True]
        async with person(between.port, "Kit 2", memory=memory) as kit:
            await until(lambda: len(kit.told(NotSent)) == 2)
            kit.client.resend(again)
            kit.client.discard(never)
            await until(lambda: kit.said == ["once more"])
        assert kept(memory) == []
        assert moved.server.traffic.messages == 1


async def test_a_server_that_cannot_prove_anything_is_joined_as_by_a_newcomer(memory: Memory) -> None:
    async with chat() as first, dying(first.server.port, memory):
        pass
    async with chat() as older:
        receive = older.server.dispatcher.receive

        def unknown(session: Session, budget: Budget, data: bytes | str) -> None:
            if json.loads(data)["type"] == "prove":
                sentence = "The chat does not know this type of message."
                session.send(events.Error(ErrorCode.UNKNOWN_TYPE, sentence, "prove"))
            else:
                receive(session, budget, data)

        older.server.dispatcher.receive = unknown  # type: ignore[method-assign]
        async with person(older.server.port, "Kit", memory=memory) as kit:
            assert kit.state.nickname == "Kit"
            assert kit.told(Noticed) == []


async def test_of_several_chats_at_an_address_only_the_last_ones_token_is_shown(memory: Memory) -> None:
    async with chat() as morning, dying(morning.server.port, memory) as first:
        port = morning.server.port
    async with ChatServer(ServerConfig(port, "127.0.0.1"), MemoryArchive(), {}), dying(port, memory) as second:
        assert identity(second) != identity(first)
    async with (
        ChatServer(ServerConfig(port, "127.0.0.1"), MemoryArchive(), {}) as evening,
        person(port, "Kit"),
    ):
        shown = listen(evening)
        kit = Person(port, "Kit", memory=memory)
        await kit.client.run()
        assert isinstance(kit.state.status, Ended)
        assert kit.state.status.nickname_error
        assert shown == [second.state.token]


async def test_who_answers_with_another_token_is_not_told_what_waits(memory: Memory) -> None:
    """The server that is back has its id, but cannot prove to be the one before."""
    first, second = MemoryArchive(), MemoryArchive()
    second.server_id = first.server_id
    async with contextlib.AsyncExitStack() as stack:
        async with ChatServer(ServerConfig(0, "127.0.0.1"), first, {}) as server:
            port = server.port
            kit = await stack.enter_async_context(person(port, "Kit", memory=memory))
        await until(lambda: isinstance(kit.state.status, Lost))
        kit.client.send("for the others")
        async with ChatServer(ServerConfig(port, "127.0.0.1"), second, {}) as other:
            await until(lambda: kit.state.online and kit.told(NotSent))
            assert [entry.error for entry in kit.state.outbox] == [_ANOTHER_CHAT]
            assert other.traffic.messages == 0
            await stack.aclose()
    assert [entry.error for entry in kept(memory)] == [None], "it waits for the one before"


async def test_another_server_at_the_address_gets_nothing_of_it(memory: Memory) -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with ChatServer(ServerConfig(0, "127.0.0.1"), MemoryArchive(), {}) as first:
            port = first.port
            kit = await stack.enter_async_context(dying(port, memory))
        await until(lambda: isinstance(kit.state.status, Lost))
        kit.client.send("for the others")
        kit.client.mark_read(5)
    async with ChatServer(ServerConfig(port, "127.0.0.1"), MemoryArchive(), {}) as other:
        async with person(port, "Kit", memory=memory) as again:
            assert list(again.state.outbox) == []
            assert again.state.unread is None
            assert identity(again) != identity(kit)
        assert other.traffic.messages == 0
    assert [entry.content for entry in kept(memory)] == ["for the others"]


async def test_the_hosts_token_wins_and_stays_the_hosts(memory: Memory) -> None:
    async with chat() as c:
        async with person(c.server.port, "Mara", token=c.server.host_token, memory=memory) as mara:
            assert mara.state.people["Mara"].host
        async with person(c.server.port, "Mara", memory=memory) as guest:
            assert not guest.state.people["Mara"].host


async def test_what_is_new_since_the_program_ran_is_marked(memory: Memory) -> None:
    async with chat(message_rate=0) as c:
        ana = await c.join("Ana")
        ana.send("message", content="old")
        await ana.ping()
        async with person(c.server.port, "Kit", memory=memory) as kit:
            kit.client.mark_read(1)
        for number in range(120):
            ana.send("message", content=f"new {number}")
        await ana.ping()
        async with person(c.server.port, "Kit", memory=memory) as again:
            assert again.state.unread == Divider(1, 120, "")
            again.client.go_to(again.state.unread.after + 1)
            await until(lambda: again.told(Jumped) == [Jumped(2)])
            assert again.state.unread.since == again.state.messages[1].timestamp
        async with person(c.server.port, "Kit", memory=memory) as third:
            assert third.state.unread == Divider(1, 120, ""), "nothing of it was read"
            third.client.mark_read(121)
        async with person(c.server.port, "Kit", memory=memory) as fourth:
            assert fourth.state.unread is None


async def test_a_full_disk_of_ones_own_is_said_once_and_the_chat_goes_on(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chat(message_rate=0) as c, person(c.server.port, "Kit", memory=memory) as kit:

        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        for number in range(3):
            kit.client.send(f"number {number}")
        await until(lambda: len(kit.said) == 3 and kit.told(Noticed))
        kit.client.send("number 3")
        await until(lambda: len(kit.told(Confirmed)) == 4)
        (notice,) = kit.told(Noticed)
        assert isinstance(notice, Noticed)
        assert notice.sentence.startswith("Unsent messages cannot be kept on this computer (No space left on device)")


def listen(server: ChatServer) -> list[str | None]:
    """The tokens that are shown to a server from now on, one for each join."""
    tokens: list[str | None] = []
    receive = server.dispatcher.receive

    def listening(session: Session, budget: Budget, data: bytes | str) -> None:
        command = json.loads(data)
        if command["type"] == "join":
            tokens.append(command.get("token"))
        receive(session, budget, data)

    server.dispatcher.receive = listening  # type: ignore[method-assign]
    return tokens


def kept(memory: Memory) -> list[Outgoing]:
    """What is unsent, in all places."""
    return [entry for folder in memory._folder.iterdir() for entry in Place(folder, Card("", "", "", "", "")).unsent]


def written(memory: Memory) -> list[str]:
    """What is being written, in all places."""
    return [card.written for card in memory._cards()]


async def test_a_host_that_cannot_read_its_history_is_waited_for() -> None:
    archive = LateArchive()
    archive.set_problem(FULL)
    async with chat(archive=archive) as c:
        kit = Person(c.server.port, "Kit")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(kit.client.run())
            await settled(archive, lambda: kit.state.trouble)
            assert kit.state.trouble == FULL.sentence
            await until(lambda: isinstance(kit.state.status, Lost))
            archive.set_problem(None)
            await settled(archive, lambda: kit.state.online)
            assert kit.state.trouble == ""
            kit.client.stop()


async def test_what_the_host_cannot_keep_waits_until_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.client.state.STORAGE_PAUSE_SECONDS", 60.0)
    archive = LateArchive(near=100)
    async with chat(archive=archive) as c, person(c.server.port, "Kit") as kit:
        archive.set_problem(FULL)
        await until(lambda: kit.state.trouble == FULL.sentence)
        kit.client.send("first")
        kit.client.send("second")
        await until(lambda: archive.writes)
        archive.commit()
        await until(lambda: kit.state.outbox._on_its_way is None)
        assert [entry.error for entry in kit.state.outbox] == [None, None]
        archive.set_problem(None)
        await settled(archive, lambda: kit.said == ["first", "second"])
        assert not kit.told(NotSent)


SPEAK = """
import asyncio, sys
from pathlib import Path
from chatdesk.client.client import ChatClient
from chatdesk.client.memory import Memory

async def main():
    client = ChatClient(sys.argv[1], "Kit", memory=Memory(Path(sys.argv[2])), on_changes=lambda changes: None)
    running = asyncio.create_task(client.run())
    count = int(sys.argv[3])
    while not client.state.online:
        await asyncio.sleep(0.001)
    while True:
        client.send(f"number {count}")
        print(count, flush=True)
        count += 1
        await asyncio.sleep(0.003)

asyncio.run(main())
"""


async def test_a_program_that_is_killed_again_and_again_says_everything_once_in_order(tmp_path: Path) -> None:
    async with chat(message_rate=0) as c:
        ana = await c.join("Ana")
        url, said = f"ws://127.0.0.1:{c.server.port}/ws", 0
        for kill in range(4):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", SPEAK, url, str(tmp_path), str(said), stdout=asyncio.subprocess.PIPE
            )
            assert process.stdout
            for _ in range(5 + kill * 7):
                said = int(await process.stdout.readline()) + 1
            process.kill()
            told = await process.stdout.read()
            said += len(told.splitlines())
            await process.wait()
        async with person(c.server.port, "Kit", memory=Memory(tmp_path)) as kit:
            await until(lambda: not kit.state.outbox.waiting)
        heard = [(await ana.next("message"))["content"] for _ in range(c.server.traffic.messages)]
        assert list(dict.fromkeys(heard)) == heard
        assert heard[:said] == [f"number {number}" for number in range(said)]
