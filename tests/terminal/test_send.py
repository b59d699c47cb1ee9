"""``chatdesk send`` with a real server: stored, refused, or not possible, each with a sentence and an exit code."""

import json
import os
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from chatdesk.client.known_hosts import KnownHost, KnownHosts
from chatdesk.client.saved_state import ClientStore
from chatdesk.log.room_log import StorageProblem
from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.terminal import send as sending
from chatdesk.terminal.participant import EXIT_NO_ANSWER, EXIT_REFUSED, Target, TerminalError, find_target
from chatdesk.terminal.send import send
from tests.e2e.serving import Serving
from tests.server.chat import Chat, chat
from tests.warm_program import STRICT, run


def target(chat: Chat, room: str = "lobby", nickname: str = "Kit") -> Target:
    return Target(f"ws://127.0.0.1:{chat.server.port}/ws", room, nickname, named=True)


@pytest.fixture
def store(tmp_path: Path) -> ClientStore:
    return ClientStore(tmp_path / "joined")


async def test_a_message_is_sent_once_it_is_stored(store: ClientStore) -> None:
    async with chat() as opened:
        ana = await opened.join("Ana", room="build")
        stored = await send(target(opened, "build"), "\nTea\tis ready \x1b[1mnow\n\n", store)
        assert (stored.seq, stored.room, stored.content) == (1, "build", "Tea\tis ready now")
        assert (await ana.next("message"))["nickname"] == "Kit"
        assert (await ana.next("user_left"))["nickname"] == "Kit"


async def test_who_sends_again_is_the_same_person(store: ClientStore) -> None:
    async with chat() as opened:
        one, two = [await send(target(opened), word, store) for word in ("one", "two")]
        assert one.author == two.author


@pytest.mark.parametrize(
    ("text", "to", "words"),
    [
        (" \n", "", "empty"),
        ("a" * (CONTENT_CHARS + 1), "", "too long"),
        ("psst", "Ana", "Nobody here is called Ana"),
    ],
)
async def test_what_is_refused_says_why(store: ClientStore, text: str, to: str, words: str) -> None:
    async with chat() as opened:
        with pytest.raises(TerminalError, match=words) as refused:
            await send(target(opened), text, store, to)
        assert refused.value.exit_code == EXIT_REFUSED


async def test_a_message_for_one_person_alone_is_sent_once_it_is_stored(store: ClientStore) -> None:
    async with chat() as opened:
        ana, ben = await opened.join("Ana"), await opened.join("Ben")
        for word in ("one", "two"):
            stored = await send(target(opened), word, store, "Ana")
            assert (stored.content, stored.to) == (word, "Ana")
            assert (await ana.next("message"))["content"] == word
        ana.send("message", content="for all")
        assert (await ben.next("message"))["content"] == "for all"


async def test_a_name_that_is_taken_keeps_out(store: ClientStore) -> None:
    async with chat() as opened:
        await opened.join("Kit")
        with pytest.raises(TerminalError, match="Try Kit 2") as refused:
            await send(target(opened), "Hello", store)
        assert refused.value.exit_code == EXIT_NO_ANSWER


async def test_what_cannot_be_stored_in_time_says_so(store: ClientStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "CONFIRMED_SECONDS", 0.3)
    async with chat() as opened:
        opened.server.store.problem = StorageProblem("full", "The host's disk is full.")  # type: ignore[misc]
        monkeypatch.setattr(opened.server.hub.rooms["lobby"], "publish", lambda _draft, _refuse: None)
        with pytest.raises(TerminalError, match="not sent: The host's disk is full") as late:
            await send(target(opened), "Hello", store)
        assert late.value.exit_code == EXIT_NO_ANSWER


def test_where_nobody_listens_the_way_to_find_a_chat_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [
        sys.executable,
        *STRICT,
        "-m",
        "chatdesk",
        "send",
        "Hello",
    ]  # loading all that commands of a terminal load
    environment = {**os.environ, "CHATDESK_PORT": str(port)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (EXIT_NO_ANSWER, "")
    assert ended.stderr.endswith("with --address; chatdesk hosts lists the chats around.\n")
    assert len(ended.stderr.splitlines()) == 1


def test_what_another_program_prints_is_sent() -> None:
    with Serving("--no-discovery") as serving:
        where = ("--address", serving.url, "--room", "build", "--nickname", "CI")
        ended = run("send", *where, "--json", text="two\nlines\n")
        assert (ended.returncode, ended.stderr) == (0, "")
        stored = json.loads(ended.stdout)
        assert [stored[field] for field in ("type", "room", "nickname", "content")] == [
            *("message", "build", "CI", "two\nlines")
        ]


def test_the_chat_of_this_computer_is_the_one_at_its_port() -> None:
    found = find_target(None, 9000, "Build", "Kit")
    assert found == Target("ws://127.0.0.1:9000/ws", "build", "Kit", named=False)
    assert find_target("kit.local", 9000, "lobby", None).nickname


def test_a_host_that_was_compared_in_the_window_is_joined_over_tls_and_no_other_there() -> None:
    hosts = KnownHosts()
    hosts.trust(KnownHost("ab" * 32, b"certificate", "Robotics", "id", date(2026, 11, 12)), "10.0.0.5:9000")
    target = find_target("10.0.0.5:9000", 8080, "lobby", "Kit", hosts)
    assert (target.url, target.authority) == ("wss://10.0.0.5:9000/ws", b"certificate")
    assert find_target("10.0.0.6:9000", 8080, "lobby", "Kit", hosts).authority == b""
