"""``chatdesk room``: the host of a chat without a window lists and deletes rooms; it is asked first."""

import os
import pty
from pathlib import Path

from tests import warm_program
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving


def room(serving: Serving, *arguments: str, **streams: int) -> tuple[int, str, str]:
    where = ("--data-dir", serving.folder, "--port", str(serving.port))
    done = warm_program.run("room", *arguments, *where, **streams)
    return done.returncode, done.stdout, done.stderr


def test_a_room_is_deleted_once_somebody_says_yes_also_while_the_chat_is_full() -> None:
    with Serving("--max-connections", "1") as serving, Peer(serving.websocket, "Kit", capabilities=["rooms"]) as kit:
        kit.send(type="create", room="build", topic="Bench 4")
        kit.wait_for(lambda event: event["type"] == "room")
        assert room(serving, "list")[1] == "lobby\nbuild  Bench 4\n"
        code, _, error = room(serving, "delete", "build")
        assert (code, "say --yes if you mean that" in error) == (2, True)
        ours, theirs = pty.openpty()
        os.write(ours, b"no\n")
        code, _, error = room(serving, "delete", "build", stdin=theirs)
        assert (code, "Delete the room build, with all" in error, "Nothing is deleted." in error) == (1, True, True)
        os.write(ours, b"yes\n")
        assert room(serving, "delete", "build", stdin=theirs)[:2] == (0, "The room build is deleted.\n")
        assert kit.wait_for(lambda event: event["type"] == "room_deleted")["room"] == "build"
        assert room(serving, "list")[1] == "lobby\n"
        code, _, error = room(serving, "delete", "lobby", "--yes")
        assert (code, "it stays: delete its history instead" in error) == (1, True)
        for end in (ours, theirs):
            os.close(end)


def test_it_asks_which(tmp_path: Path) -> None:
    with Serving() as serving:
        assert room(serving, "delete")[2].startswith("Say which room")
    refused = warm_program.run("room", "list", "--data-dir", tmp_path)
    assert (refused.returncode, refused.stderr.startswith("There is no chat in ")) == (2, True)
