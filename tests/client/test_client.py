"""A person in a chat: joins, loses the connection, reconnects, and no message is lost or sent twice."""

import asyncio
import contextlib

import pytest

from chatdesk.client import client as module
from chatdesk.client import reconnecting, requests
from chatdesk.client.changes import Confirmed, Ended, Lost, NotSent, Online, Prepended, TranscriptReset
from chatdesk.config import ServerConfig
from chatdesk.log.memory import MemoryStore
from chatdesk.protocol.errors import CloseCode, ErrorCode
from chatdesk.server.server import ChatServer
from tests.client.person import LastingStore, Person, cut, person
from tests.server.chat import chat
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")  # for the loop of the window


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnect after a moment instead of a second."""
    monkeypatch.setattr(reconnecting, "_FIRST_SECONDS", 0.02)
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.05)


async def test_two_people_see_and_hear_each_other() -> None:
    async with chat() as c, person(c.server.port, "Kit") as kit, person(c.server.port, "Ana") as ana:
        await until(lambda: set(kit.state.shown.people.here) == {"Kit", "Ana"} == set(ana.state.shown.people.here))
        message_id = kit.client.send("Hello")
        await until(lambda: kit.said == ana.said == ["Hello"])
        await until(lambda: kit.changes_of(Confirmed) == [Confirmed(message_id)])
        assert not kit.state.shown.outbox.waiting
        kit.client.presence.set_typing(True)
        await until(lambda: ana.state.shown.people.typing == ["Kit"])
        kit.client.presence.set_typing(False)
        await until(lambda: ana.state.shown.people.typing == [])
        assert kit.state.shown.people.typing == []


async def test_leaving_ends_the_run_with_its_sentence_and_the_others_are_told() -> None:
    async with chat() as c, person(c.server.port, "Ana") as ana:
        async with person(c.server.port, "Kit") as kit:
            await until(lambda: len(ana.state.shown.people.here) == 2)
        assert kit.state.status == Ended("You have left the chat.")
        await until(lambda: len(ana.state.shown.people.here) == 1)


async def test_messages_written_before_the_join_are_sent_in_order() -> None:
    async with chat() as c:
        kit = Person(c.server.port, "Kit")
        for number in range(3):
            kit.client.send(f"number {number}")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(kit.client.run())
            await until(lambda: kit.said == ["number 0", "number 1", "number 2"])
            kit.client.stop()


async def test_a_broken_connection_comes_back_by_itself_and_nothing_was_missed() -> None:
    async with chat() as c, person(c.server.port, "Kit") as kit:
        ana = await c.join("Ana")
        ana.send("message", content="before")
        await until(lambda: kit.said == ["before"])
        cut(c, "Kit")
        ana.send("message", content="meanwhile")
        kit.client.send("from afar")
        await until(lambda: sorted(kit.said) == ["before", "from afar", "meanwhile"])
        assert [message.seq for message in kit.state.shown.transcript.messages] == [1, 2, 3]
        assert kit.state.status == Online(resumed="all")
        await until(lambda: kit.changes_of(TranscriptReset))  # changes are collected for a moment
        assert kit.changes_of(TranscriptReset) == [TranscriptReset()], "the join alone"
        assert c.server.traffic.messages == 3


async def test_however_often_it_breaks_what_is_said_arrives_once_and_in_order() -> None:
    async with chat(message_rate=0) as c, person(c.server.port, "Kit") as kit:
        ana = await c.join("Ana")
        for number in range(40):
            kit.client.send(f"number {number}")
            if number % 8 == 3:
                await asyncio.sleep(0.01)
                cut(c, "Kit")
        heard = [(await ana.next("message"))["content"] for _ in range(40)]
        assert heard == [f"number {number}" for number in range(40)]
        await until(lambda: kit.said == heard)
        assert not kit.state.shown.outbox.waiting
        assert c.server.traffic.messages == 40


async def test_a_restarted_host_gets_the_messages_that_it_had_not_stored() -> None:
    store = LastingStore()
    async with contextlib.AsyncExitStack() as stack:
        async with ChatServer(ServerConfig(0, "127.0.0.1"), store, {}) as first:
            port = first.port
            kit = await stack.enter_async_context(person(port, "Kit"))
            kit.client.send("old")
            await until(lambda: kit.said == ["old"])
        await until(lambda: isinstance(kit.state.status, Lost))
        kit.client.send("new")
        async with ChatServer(ServerConfig(port, "127.0.0.1"), store, {}):
            await until(lambda: kit.said == ["old", "new"])
            assert kit.state.status == Online(resumed="all")
            await stack.aclose()


async def test_messages_for_one_chat_are_not_sent_to_another_that_has_its_address_now() -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with ChatServer(ServerConfig(0, "127.0.0.1"), MemoryStore(), {}) as first:
            port = first.port
            kit = await stack.enter_async_context(person(port, "Kit"))
        await until(lambda: isinstance(kit.state.status, Lost))
        message_id = kit.client.send("for the others")
        async with ChatServer(ServerConfig(port, "127.0.0.1"), MemoryStore(), {}) as second:
            await until(lambda: kit.changes_of(NotSent))
            assert kit.state.status == Online(resumed="none")
            assert second.traffic.messages == 0
            kit.client.resend(message_id)
            await until(lambda: kit.said == ["for the others"])
            await stack.aclose()


async def test_a_name_that_is_taken_ends_the_run_and_another_one_may_be_tried() -> None:
    async with chat() as c:
        await c.join("Kit")
        kit = Person(c.server.port, "kit")
        await kit.client.run()
        assert isinstance(kit.state.status, Ended)
        assert kit.state.status.nickname_error
        assert kit.state.status.sentence.endswith("Try kit 2.")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(kit.client.run("Kit 2"))
            await until(lambda: kit.state.online)
            assert kit.state.nickname == "Kit 2"
            kit.client.stop()


async def test_a_failed_first_attempt_is_reported_at_once(unused_tcp_port: int) -> None:
    kit = Person(unused_tcp_port, "Kit")
    await kit.client.run()
    assert isinstance(kit.state.status, Ended)
    assert kit.state.status.sentence.startswith("Nobody hosts a chat at")


async def test_a_client_that_is_sent_away_does_not_reconnect() -> None:
    async with chat() as c, person(c.server.port, "Kit") as kit:
        for connection in c.server.connections:
            connection.close(CloseCode.RULES_BROKEN, "")
        await until(lambda: isinstance(kit.state.status, Ended))
        assert kit.state.status == Ended("The host has ended this connection.")


async def test_a_server_that_answers_no_join_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconnecting, "_JOIN_SECONDS", 0.1)
    async with chat() as c:
        monkeypatch.setattr(c.server.dispatcher, "receive", lambda _session, _data: None)
        kit = Person(c.server.port, "Kit")
        await kit.client.run()
        assert kit.state.status == Ended("Something answers there, but not as a chat.")


async def test_the_wait_is_shown_and_can_be_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconnecting, "_FIRST_SECONDS", 60)
    async with chat() as c, person(c.server.port, "Kit") as kit:
        cut(c, "Kit")
        await until(lambda: isinstance(kit.state.status, Lost) and kit.state.status.retry_at)
        assert isinstance(kit.state.status, Lost)
        assert kit.state.status.attempt == 1
        assert kit.state.status.retry_at
        assert kit.state.status.retry_at - kit.state.status.since >= 15
        kit.client.reconnect_now()
        await until(lambda: kit.state.online)


async def test_leaving_ends_the_wait_for_the_next_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconnecting, "_FIRST_SECONDS", 60)
    async with chat() as c, person(c.server.port, "Kit") as kit:
        cut(c, "Kit")
        await until(lambda: isinstance(kit.state.status, Lost))
    assert kit.state.status == Ended("You have left the chat.")


async def test_older_messages_come_on_demand() -> None:
    async with chat(message_rate=0) as c:
        ana = await c.join("Ana")
        for number in range(170):
            ana.send("message", content=f"number {number}")
        await ana.ping()
        async with person(c.server.port, "Kit") as kit:
            assert len(kit.state.shown.transcript.messages) == 50
            kit.client.load_older()
            kit.client.load_older()
            await until(lambda: len(kit.state.shown.transcript.messages) == 150)
            kit.client.load_older()
            await until(lambda: len(kit.state.shown.transcript.messages) == 170)
            assert not kit.state.shown.transcript.has_older
            await until(lambda: len(kit.changes_of(Prepended)) == 2)


async def test_what_comes_too_fast_is_said_again_until_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(requests._RETRY_SECONDS, ErrorCode.RATE_LIMITED, 0.1)
    async with chat(message_rate=10) as c, person(c.server.port, "Kit") as kit:
        said = [f"number {number}" for number in range(25)]
        for text in said:
            kit.client.send(text)
        await until(lambda: kit.said == said)
        assert not kit.changes_of(NotSent)


async def test_what_is_too_long_stays_here_and_can_be_given_up() -> None:
    async with chat() as c, person(c.server.port, "Kit") as kit:
        message_id = kit.client.send("x" * 8001)
        kit.client.send("short")
        await until(lambda: kit.said == ["short"])
        (refused,) = kit.state.shown.outbox
        assert (refused.id, refused.error) == (message_id, "The message is too long.")
        kit.client.resend(message_id)
        await until(lambda: next(iter(kit.state.shown.outbox)).error)
        kit.client.discard(message_id)
        assert not list(kit.state.shown.outbox)


async def test_the_others_are_not_told_of_every_key_that_is_pressed() -> None:
    async with chat() as c, person(c.server.port, "Kit") as kit:
        ana = await c.join("Ana")
        for _ in range(100):
            kit.client.presence.set_typing(True)
        kit.client.presence.set_typing(False)
        kit.client.presence.set_typing(False)
        kit.client.send("done")
        assert [(await ana.event())["type"] for _ in range(3)] == ["typing", "typing", "message"]


async def test_everybody_knows_the_host() -> None:
    async with chat(name="Robotics") as c:
        token = c.server.host_token
        async with person(c.server.port, "Mara", token=token) as mara, person(c.server.port, "Kit") as kit:
            assert kit.state.server
            assert (kit.state.server.name, kit.state.server.host) == ("Robotics", "Mara")
            assert kit.state.shown.people.here["Mara"].host
            assert mara.state.shown.people.here["Mara"].client == "window"
