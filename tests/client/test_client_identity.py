"""An identity survives the program, for the known host wherever it is, and for no host that only claims to be it."""

import contextlib
import json
from pathlib import Path

import pytest

from chatdesk.client import client as module
from chatdesk.client.changes import Ended, Lost, NoticeReceived, NotSent
from chatdesk.client.room_state import _OTHER_CHAT
from chatdesk.client.saved_state import ClientStore
from chatdesk.config import ServerConfig
from chatdesk.log.memory import MemoryStore
from chatdesk.protocol import events
from chatdesk.protocol.commands import CLIENT_TOKEN_PREFIX
from chatdesk.protocol.errors import ErrorCode
from chatdesk.server.server import ChatServer
from chatdesk.server.session import Session
from tests.client.person import LastingStore, Person, cut, person
from tests.client.relay import relay
from tests.client.restarts import identity_of, stored_unsent, terminated_client
from tests.reverse_proxy import ReverseProxy, certificate
from tests.server.chat import chat
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")  # for the loop of the window


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.client.reconnecting._FIRST_SECONDS", 0.02)
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.05)


async def test_a_client_is_the_same_person_after_a_restart_of_both(store: ClientStore) -> None:
    log_store = LastingStore()
    async with chat(store=log_store) as c, terminated_client(c.server.port, store) as before:
        port = c.server.port
    async with ChatServer(ServerConfig(port, "127.0.0.1"), log_store, {}), person(port, "Kit", store=store) as after:
        assert identity_of(after) == identity_of(before)


async def test_a_server_that_claims_a_known_id_elsewhere_gets_nothing_by_itself(store: ClientStore) -> None:
    true = LastingStore()
    async with chat(store=true) as c, terminated_client(c.server.port, store) as before:
        port = c.server.port
        await c.server.__aexit__(None, None, None)
        await until(lambda: not before.state.online)
        secret = before.client.send("for your ears only")
        before.client.send("for all of you")
    false = MemoryStore()
    false.server_id = true.server_id
    async with chat(store=false) as fake:
        shown_tokens = record_tokens(fake.server)
        async with person(fake.server.port, "Kit", store=store) as kit:
            assert [entry.error for entry in kit.state.shown.outbox] == [_OTHER_CHAT] * 2
            await until(lambda: len(kit.changes_of(NotSent)) == 2)
            cut(fake, "Kit")
            await until(lambda: len(shown_tokens) == 2 and kit.state.online)
            kit.client.send("Who are you?")
            await until(lambda: kit.said == ["Who are you?"])
        first_shown, later_shown = shown_tokens
        assert str(first_shown).startswith(CLIENT_TOKEN_PREFIX), "not what the other server gave"
        assert later_shown == kit.state.token
        assert identity_of(kit) != identity_of(before)
        assert fake.server.traffic.messages == 1
    async with (
        ChatServer(ServerConfig(port, "127.0.0.1"), true, {}) as genuine,
        person(port, "Kit", store=store) as again,
    ):
        await until(lambda: again.said == ["for your ears only", "for all of you"])
        assert identity_of(again) == identity_of(before)
        assert genuine.traffic.messages == 2
        assert again.state.shown.transcript.messages[0].id == secret


async def test_the_same_host_at_another_port_is_the_same_host(store: ClientStore) -> None:
    """The nickname is kept, and waiting messages are sent; the same holds back at the first address."""
    log_store = LastingStore()
    async with chat(store=log_store) as first:
        async with terminated_client(first.server.port, store):
            pass
        async with terminated_client(first.server.port, store) as before:
            await first.server.__aexit__(None, None, None)
            await until(lambda: not before.state.online)
            before.client.send("once more")
    async with chat(store=log_store) as moved:
        async with terminated_client(moved.server.port, store) as kit:
            await until(lambda: kit.said == ["once more"])
            assert (kit.state.nickname, identity_of(kit)) == ("Kit", identity_of(before))
            assert kit.changes_of(NotSent) == stored_unsent(store) == []
        shown_tokens = record_tokens(moved.server)
        async with person(moved.server.port, "Kit", store=store) as again:
            assert shown_tokens == [again.state.token], "without a question, for this is where one was last"


@pytest.mark.parametrize("told", [True, False])
async def test_behind_a_proxy_that_encrypts_the_same_host_is_the_same_host(
    store: ClientStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    """The host proves it for the URL that it was told to have: a neighbour has the same host name."""
    with ReverseProxy(folder="/club/", tls=certificate(tmp_path)) as proxy:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        async with chat(public_url=proxy.url if told else f"https://{proxy.address}/neighbour") as c:
            proxy._port = c.server.port
            async with terminated_client(c.server.port, store) as before:
                pass
            shown_tokens = record_tokens(c.server)
            async with person(0, "Kit", url=f"wss://{proxy.address}/club/ws", store=store) as kit:
                assert (identity_of(kit) == identity_of(before)) is told
            assert (before.state.token in shown_tokens) is told


async def test_a_relay_is_not_mistaken_for_the_server_behind_it(store: ClientStore) -> None:
    log_store = LastingStore()
    async with chat(store=log_store) as first:
        async with terminated_client(first.server.port, store):
            pass
        async with terminated_client(
            first.server.port, store
        ) as before:  # a nickname that was joined with a token is reserved
            await first.server.__aexit__(None, None, None)
            await until(lambda: not before.state.online)
            again, never = before.client.send("once more"), before.client.send("never mind")
    async with chat(store=log_store) as moved, relay(moved.server.port) as between:
        shown_tokens = record_tokens(moved.server)
        taken = Person(between.port, "Kit", store=store)
        await taken.client.run()
        assert isinstance(taken.state.status, Ended)
        assert taken.state.status.nickname_error, "nothing proves that it is the same Kit"
        assert [str(token).startswith(CLIENT_TOKEN_PREFIX) for token in shown_tokens] == [True]
        async with person(between.port, "Kit 2", store=store) as kit:
            await until(lambda: len(kit.changes_of(NotSent)) == 2)
            kit.client.resend(again)
            kit.client.discard(never)
            await until(lambda: kit.said == ["once more"])
        assert stored_unsent(store) == []
        assert moved.server.traffic.messages == 1


async def test_a_server_that_cannot_prove_anything_is_joined_as_by_a_newcomer(store: ClientStore) -> None:
    async with chat() as first, terminated_client(first.server.port, store):
        pass
    async with chat() as older:
        receive = older.server.dispatcher.receive

        def unknown(session: Session, data: bytes | str) -> None:
            if json.loads(data)["type"] == "prove":
                sentence = "The chat does not know this type of message."
                session.send(events.Error(ErrorCode.UNKNOWN_TYPE, sentence, "prove"))
            else:
                receive(session, data)

        older.server.dispatcher.receive = unknown  # type: ignore[method-assign]
        async with person(older.server.port, "Kit", store=store) as kit:
            assert kit.state.nickname == "Kit"
            assert kit.changes_of(NoticeReceived) == []


async def test_of_several_chats_at_an_address_only_the_last_ones_token_is_sent(store: ClientStore) -> None:
    async with chat() as morning, terminated_client(morning.server.port, store) as first:
        port = morning.server.port
    async with (
        ChatServer(ServerConfig(port, "127.0.0.1"), MemoryStore(), {}),
        terminated_client(port, store) as second,
    ):
        assert identity_of(second) != identity_of(first)
    async with (
        ChatServer(ServerConfig(port, "127.0.0.1"), MemoryStore(), {}) as evening,
        person(port, "Kit"),
    ):
        shown_tokens = record_tokens(evening)
        kit = Person(port, "Kit", store=store)
        await kit.client.run()
        assert isinstance(kit.state.status, Ended)
        assert kit.state.status.nickname_error
        assert shown_tokens == [second.state.token]


async def test_a_server_with_another_token_does_not_get_unsent_messages(store: ClientStore) -> None:
    """The server that is back claims the id, but cannot prove to be the previous one."""
    first, second = MemoryStore(), MemoryStore()
    second.server_id = first.server_id
    async with contextlib.AsyncExitStack() as stack:
        async with ChatServer(ServerConfig(0, "127.0.0.1"), first, {}) as server:
            port = server.port
            kit = await stack.enter_async_context(person(port, "Kit", store=store))
        await until(lambda: isinstance(kit.state.status, Lost))
        kit.client.send("for the others")
        async with ChatServer(ServerConfig(port, "127.0.0.1"), second, {}) as other:
            await until(lambda: kit.state.online and kit.changes_of(NotSent))
            assert [entry.error for entry in kit.state.shown.outbox] == [_OTHER_CHAT]
            assert other.traffic.messages == 0
            await stack.aclose()
    assert [entry.error for entry in stored_unsent(store)] == [None], "it waits for the one before"


async def test_another_server_at_the_address_gets_nothing_of_it(store: ClientStore) -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with ChatServer(ServerConfig(0, "127.0.0.1"), MemoryStore(), {}) as first:
            port = first.port
            kit = await stack.enter_async_context(terminated_client(port, store))
        await until(lambda: isinstance(kit.state.status, Lost))
        kit.client.send("for the others")
        kit.client.mark_read(5)
    async with ChatServer(ServerConfig(port, "127.0.0.1"), MemoryStore(), {}) as other:
        async with person(port, "Kit", store=store) as again:
            assert list(again.state.shown.outbox) == []
            assert again.state.shown.read_position.divider is None
            assert identity_of(again) != identity_of(kit)
        assert other.traffic.messages == 0
    assert [entry.content for entry in stored_unsent(store)] == ["for the others"]


async def test_the_hosts_token_wins_and_stays_the_hosts(store: ClientStore) -> None:
    async with chat() as c:
        async with person(c.server.port, "Mara", token=c.server.host_token, store=store) as mara:
            assert mara.state.shown.people.here["Mara"].host
        async with person(c.server.port, "Mara", store=store) as guest:
            assert not guest.state.shown.people.here["Mara"].host


def record_tokens(server: ChatServer) -> list[str | None]:
    """Return a list of the tokens that are shown to a server from now on, one for each join."""
    tokens: list[str | None] = []
    receive = server.dispatcher.receive

    def listening(session: Session, data: bytes | str) -> None:
        command = json.loads(data)
        if command["type"] == "join":
            tokens.append(command.get("token"))
        receive(session, data)

    server.dispatcher.receive = listening  # type: ignore[method-assign]
    return tokens
