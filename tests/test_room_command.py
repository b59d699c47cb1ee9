"""``chatdesk room``: the host of a chat without a window lists rooms, keeps order in them, and deletes them."""

import os
import pty
from pathlib import Path

import pytest

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


def test_the_host_keeps_order_in_a_room() -> None:
    with Serving("--message-rate", "0") as serving, Peer(serving.websocket, "Kit", capabilities=["rooms"]) as kit:
        kit.send(type="create", room="build")
        kit.wait_for(lambda event: event["type"] == "room")
        kit.send(type="enter", room="build")
        kit.wait_for(lambda event: event["type"] == "history" and event["room"] == "build")
        for action, rest, sentence, changed in (
            ("slow", ("30",), "In the room build, each person writes once in 30 seconds now.\n", {"slow": 30}),
            ("slow", ("off",), "In the room build, there is no slow mode now.\n", {}),
            ("hold", (), "In the room build, each message waits for approval now.\n", {"hold": True}),
            ("hold", ("off",), "In the room build, messages need no approval now.\n", {}),
            ("announce", (), "In the room build, only the host and moderators write now.\n", {"announce": True}),
            ("announce", ("off",), "In the room build, everybody can write now.\n", {}),
            ("lock", (), "The room build is locked: nobody new comes in.\n", {"entry": ["locked"]}),
            ("unlock", (), "The room build is open again.\n", {}),
        ):
            assert room(serving, action, "build", *rest)[:2] == (0, sentence)
            kit.send(type="rooms")
            listed = kit.wait_for(lambda event: event["type"] == "rooms")["rooms"]
            [told] = [each for each in listed if each["room"] == "build"]
            assert told["user_count"] == 1
            assert {name: told[name] for name in ("slow", "hold", "announce", "entry") if told.get(name)} == changed
        assert room(serving, "lock")[:2] == (0, "The chat is locked: nobody new comes in.\n")
        with pytest.raises(AssertionError, match="nobody new can come in"), Peer(serving.websocket, "New"):
            pass
        assert room(serving, "unlock")[:2] == (0, "The chat is open again.\n")


def test_the_host_deletes_a_message_and_a_history() -> None:
    with Serving("--message-rate", "0") as serving, Peer(serving.websocket, "Kit") as kit:
        kit.say("first", "second")
        assert room(serving, "delete-message", "lobby", "1")[:2] == (0, "Message 1 of the room lobby is deleted.\n")
        assert kit.wait_for(lambda event: event["type"] == "updated")["message"]["deleted"] == "host"
        code, _, error = room(serving, "delete-message", "lobby", "9")
        assert (code, error != "") == (1, True)
        assert "say --yes if you mean that" in room(serving, "clear", "lobby")[2]
        assert room(serving, "clear", "lobby", "--yes")[:2] == (0, "The history of the room lobby is deleted.\n")
        kit.send(type="history")
        kit.wait_for(lambda event: event["type"] == "history" and not event["messages"])


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("slow", "lobby"), 2, "Say after how many seconds"),
        (("slow", "lobby", "3601"), 2, "Say after how many seconds"),
        (("hold", "lobby", "maybe"), 2, "It is turned on without a word"),
        (("delete-message", "lobby"), 2, "Say which message by its number"),
        (("announce",), 2, "Say which room, as in: chatdesk room announce build."),
        (("hold", "nowhere"), 1, "There is no room nowhere in this chat."),
    ],
)
def test_what_cannot_be_done_in_a_room_is_said(arguments: tuple[str, ...], code: int, sentence: str) -> None:
    with Serving() as serving:
        refused = room(serving, *arguments)
        assert (refused[0], sentence in refused[2]) == (code, True), refused
