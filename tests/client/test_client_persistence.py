"""What survives the program: unsent messages, the read position and the draft. Nothing is lost or sent twice."""

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chatdesk.client import client as module
from chatdesk.client import requests
from chatdesk.client.changes import Confirmed, DraftRestored, Jumped, Lost, NoticeReceived, NotSent, Sending
from chatdesk.client.read_position import Divider
from chatdesk.client.saved_state import ClientStore
from chatdesk.protocol.errors import ErrorCode
from tests.client.person import Person, cut, person
from tests.client.restarts import identity_of, stored_unsent, terminated_client
from tests.server.chat import chat
from tests.server.delayed_log import FULL, DelayedStore
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")  # for the loop of the window


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.client.reconnecting._FIRST_SECONDS", 0.02)
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.05)


async def settled(log_store: DelayedStore, condition: Callable[[], object]) -> None:
    """Wait for a condition, with a disk that is quick."""
    async with asyncio.timeout(15):
        while not condition():
            await log_store.settle()
            await asyncio.sleep(0.005)


async def test_what_was_typed_offline_goes_out_once_after_a_restart_of_the_program(store: ClientStore) -> None:
    log_store = DelayedStore(near=100)
    async with chat(store=log_store) as c:
        async with terminated_client(c.server.port, store) as kit:
            kit.client.send("on its way")
            await until(lambda: log_store.writes)
            kit.client.send("typed later")
            too_long = kit.client.send("x" * 8001)
        log_store.commit()
        again = Person(c.server.port, "Kit", store=store)
        again.client.send("typed at once")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(again.client.run())
            await settled(log_store, lambda: again.changes_of(NotSent))
            await settled(log_store, lambda: again.said[-1:] == ["typed at once"])
            again.client.stop()
        assert again.said == ["on its way", "typed later", "typed at once"]
        assert c.server.traffic.messages == 3
        assert [(entry.id, entry.error) for entry in again.state.shown.outbox] == [
            (too_long, "The message is too long.")
        ]
        shown = [change.entry.content for change in again.changes_of(Sending) if isinstance(change, Sending)]
        assert shown[:3] == ["typed at once", "on its way", "typed later"]
    assert [entry.id for entry in stored_unsent(store)] == [too_long]


async def test_the_draft_outlives_the_program(store: ClientStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SAVE_SECONDS", 0.0)
    async with chat() as c:
        async with terminated_client(c.server.port, store) as kit:
            kit.client.set_draft("half a\u00a0sentence")
            await until(lambda: written(store) == ["half a\u00a0sentence"])
        async with person(c.server.port, "Kit", store=store) as again:
            await until(lambda: again.changes_of(DraftRestored))
            assert again.changes_of(DraftRestored) == [DraftRestored("half a\u00a0sentence")]
            again.client.set_draft("")
            again.client.send("half a sentence, and the other half")
            assert written(store) == [""]


async def test_under_a_new_nickname_somebody_is_who_they_were_after_a_restart(store: ClientStore) -> None:
    async with chat() as c:
        async with terminated_client(c.server.port, store) as kit:
            kit.client.presence.rename("Kit the 2nd")
            await until(lambda: kit.state.nickname == "Kit the 2nd")
            identity = identity_of(kit)
        async with person(c.server.port, "Kit the 2nd", store=store) as again:
            assert identity_of(again) == identity
        async with person(c.server.port, "Kit", store=store) as somebody_else:
            assert identity_of(somebody_else) != identity


async def test_a_withdrawn_message_is_stored_as_the_draft_at_once(store: ClientStore) -> None:
    async with chat() as c:
        async with terminated_client(c.server.port, store) as kit:
            kit.client.set_draft("later")
            message_id = kit.client.send("x" * 8001)
            await until(lambda: kit.changes_of(NotSent))
            assert kit.client.withdraw(message_id) == "x" * 8001
            assert written(store) == [f"{'x' * 8001}\nlater"]
        async with person(c.server.port, "Kit", store=store) as again:
            await until(lambda: again.changes_of(DraftRestored))
            assert list(again.state.shown.outbox) == []


async def test_two_windows_of_one_identity_both_get_rid_of_what_they_say(store: ClientStore) -> None:
    async with (
        chat() as c,
        person(c.server.port, "Kit", store=store) as first,
        person(c.server.port, "Kit", store=store) as second,
    ):
        assert identity_of(first) == identity_of(second)
        cut(c, "Kit")
        first.client.send("one")
        second.client.send("two")
        await until(lambda: sorted(first.said) == sorted(second.said) == ["one", "two"])
        assert c.server.traffic.messages == 2
        assert stored_unsent(store) == []


async def test_what_is_new_since_the_program_ran_is_marked(store: ClientStore) -> None:
    async with chat(message_rate=0) as c:
        ana = await c.join("Ana")
        ana.send("message", content="old")
        await ana.ping()
        async with person(c.server.port, "Kit", store=store) as kit:
            kit.client.mark_read(1)
        for number in range(120):
            ana.send("message", content=f"new {number}")
        await ana.ping()
        async with person(c.server.port, "Kit", store=store) as again:
            assert again.state.shown.read_position.divider == Divider(1, 120, "")
            again.client.go_to(again.state.shown.read_position.divider.after + 1)
            await until(lambda: again.changes_of(Jumped) == [Jumped(2)])
            assert again.state.shown.read_position.divider.since == again.state.shown.transcript.messages[1].timestamp
        async with person(c.server.port, "Kit", store=store) as third:
            assert third.state.shown.read_position.divider == Divider(1, 120, ""), "nothing of it was read"
            third.client.mark_read(121)
        async with person(c.server.port, "Kit", store=store) as fourth:
            assert fourth.state.shown.read_position.divider is None


async def test_a_full_local_disk_is_reported_once_and_the_chat_goes_on(
    store: ClientStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chat(message_rate=0) as c, person(c.server.port, "Kit", store=store) as kit:

        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        for number in range(3):
            kit.client.send(f"number {number}")
        await until(lambda: len(kit.said) == 3 and kit.changes_of(NoticeReceived))
        kit.client.send("number 3")
        await until(lambda: len(kit.changes_of(Confirmed)) == 4)
        (notice,) = kit.changes_of(NoticeReceived)
        assert isinstance(notice, NoticeReceived)
        assert notice.sentence.startswith("Unsent messages cannot be kept on this computer (No space left on device)")


def written(store: ClientStore) -> list[str]:
    """The drafts in all stored rooms."""
    return [credentials.draft for credentials in store._all_credentials()]


async def test_a_host_that_cannot_read_its_history_is_waited_for() -> None:
    log_store = DelayedStore()
    log_store.set_problem(FULL)
    async with chat(store=log_store) as c:
        kit = Person(c.server.port, "Kit")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(kit.client.run())
            await settled(log_store, lambda: kit.state.storage_problem)
            assert kit.state.storage_problem == FULL.sentence
            await until(lambda: isinstance(kit.state.status, Lost))
            log_store.set_problem(None)
            await settled(log_store, lambda: kit.state.online)
            assert kit.state.storage_problem == ""
            kit.client.stop()


async def test_messages_wait_while_the_host_cannot_store_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(requests._RETRY_SECONDS, ErrorCode.STORAGE, 60.0)
    log_store = DelayedStore(near=100)
    async with chat(store=log_store) as c, person(c.server.port, "Kit") as kit:
        log_store.set_problem(FULL)
        await until(lambda: kit.state.storage_problem == FULL.sentence)
        kit.client.send("first")
        kit.client.send("second")
        await until(lambda: log_store.writes)
        log_store.commit()
        await until(lambda: kit.state.requests.resumes_at(time.monotonic()))
        assert [entry.error for entry in kit.state.shown.outbox] == [None, None]
        log_store.set_problem(None)
        await settled(log_store, lambda: kit.said == ["first", "second"])
        assert not kit.changes_of(NotSent)


SPEAK = """
import asyncio, sys
from itertools import count
from pathlib import Path
from chatdesk.client.client import ChatClient
from chatdesk.client.saved_state import ClientStore

async def main():
    client = ChatClient(sys.argv[1], "Kit", store=ClientStore(Path(sys.argv[2])), on_changes=lambda changes: None)
    running = asyncio.create_task(client.run())
    while not client.state.online:
        await asyncio.sleep(0.001)
    for number in count():
        client.send(f"{sys.argv[3]}.{number}")
        print(number, flush=True)
        await asyncio.sleep(0.003)

asyncio.run(main())
"""


async def test_a_program_that_is_killed_again_and_again_says_everything_once_in_order(tmp_path: Path) -> None:
    """What it was told to send, and has not said so when it is killed, may arrive or not."""
    async with chat(message_rate=0) as c:
        ana = await c.join("Ana")
        url, sent = f"ws://127.0.0.1:{c.server.port}/ws", []
        for kill in range(4):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", SPEAK, url, str(tmp_path), str(kill), stdout=asyncio.subprocess.PIPE
            )
            assert process.stdout
            for _ in range(5 + kill * 7):
                assert await process.stdout.readline()
            process.kill()
            rest = await process.stdout.read()
            await process.wait()
            sent.append(5 + kill * 7 + rest.count(b"\n"))
        async with person(c.server.port, "Kit", store=ClientStore(tmp_path)) as kit:
            await until(lambda: not kit.state.shown.outbox.waiting)
        heard = [(await ana.next("message"))["content"] for _ in range(c.server.traffic.messages)]
        counts = [sum(content.startswith(f"{kill}.") for content in heard) for kill in range(4)]
        assert heard == [f"{kill}.{number}" for kill, count in enumerate(counts) for number in range(count)]
        assert {count - told for count, told in zip(counts, sent, strict=True)} <= {0, 1}
