"""Export and backup while the chat is hosted: the real server goes on, and nothing is missing."""

import contextlib
import json
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.archive.history import run
from tests.e2e.peer import Event, Peer
from tests.e2e.serving import Serving

BEFORE = [f"before {number}" for number in range(300)]


@pytest.fixture
def server() -> Iterator[Serving]:
    with Serving("--message-rate", "0") as serving:
        yield serving


@contextlib.contextmanager
def talking(server: Serving) -> Iterator[list[str]]:
    """Send messages before and during the block; yield all that were confirmed."""
    said: list[str] = []
    enough = threading.Event()

    def talk(peer: Peer) -> None:
        for number in count():
            if enough.is_set():
                return
            peer.say(f"meanwhile {number}")
            said.append(f"meanwhile {number}")

    with Peer(server.websocket, "Kit") as peer:
        peer.say(*BEFORE)
        said.extend(BEFORE)
        thread = threading.Thread(target=talk, args=(peer,))
        thread.start()
        try:
            yield said
        finally:
            enough.set()
            thread.join(10)
        peer.say("It goes on")


def exported(folder: Path) -> list[dict[str, object]]:
    process = run("export", "-", "--format", "jsonl", "--data-dir", folder)
    assert (process.returncode, process.stderr) == (0, "")
    return [json.loads(line) for line in process.stdout.splitlines()[2:]]


def check(found: list[dict[str, object]], confirmed: list[str], said: list[str]) -> None:
    """Check for all that was confirmed at the beginning, without gaps, and nothing that was not sent."""
    contents = [message["content"] for message in found]
    assert [message["seq"] for message in found] == list(range(1, len(found) + 1))
    assert contents[: len(confirmed)] == confirmed
    assert contents == said[: len(contents)]


def test_an_export_holds_what_was_confirmed_when_it_began(server: Serving) -> None:
    with talking(server) as said:
        confirmed = list(said)
        found = exported(server.folder)
    check(found, confirmed, said)


def test_a_backup_can_be_hosted_and_goes_on_under_another_epoch(server: Serving, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    with talking(server) as said:
        confirmed = list(said)
        process = run("backup", tmp_path / "again" / "chat.db", "--data-dir", server.folder)
        assert (process.returncode, process.stderr) == (0, "")
    found = exported(tmp_path / "again")
    check(found, confirmed, said)
    with (
        Serving("--data-dir", str(tmp_path / "again")) as second,
        Peer(second.websocket, "Mara") as mara,
        Peer(server.websocket, "Mara") as guest,
    ):
        restored, original = ask(mara), ask(guest)
        assert restored["messages"][-1]["content"] == found[-1]["content"]
        assert restored["epoch"] != original["epoch"]
        mara.say("And here, too")
        assert ask(mara)["last_seq"] == len(found) + 1


def ask(peer: Peer) -> Event:
    peer.send(type="history", limit=5)
    return peer.wait_for(lambda event: event["type"] == "history")
