"""``chatdesk people``: the host keeps order from the command line, in a chat that is open; nobody sees another come."""

import json
from pathlib import Path

import pytest

from chatdesk import cli
from tests import warm_program
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving

NOBODY = "Nobody here is called Nobody: see who is there. chatdesk people list prints the names.\n"
Captured = pytest.CaptureFixture[str]


def people(serving: Serving, *arguments: str) -> tuple[int, str, str]:
    where = ("--data-dir", serving.folder, "--port", str(serving.port))
    done = warm_program.run("people", *arguments, *where)
    return done.returncode, done.stdout, done.stderr


def test_the_host_acts_from_the_command_line_and_reads_what_was_done() -> None:
    with Serving("--message-rate", "0") as serving, Peer(serving.websocket, "Kit") as kit:
        code, out, _ = people(serving, "mute", "Kit", "--minutes", "5", "--reason", "too loud")
        assert code == 0
        assert out.startswith("Kit is muted until")
        assert "Command line has muted you" in kit.wait_for(lambda event: event.get("code") == "order")["content"]
        code, listed, _ = people(serving, "list", "--json")
        [user] = [found for line in listed.splitlines() if (found := json.loads(line))["nickname"] == "Kit"]
        assert (code, user["muted"]) == (0, True)
        code, _, error = people(serving, "remove", "Nobody")
        assert code == 1
        assert error == NOBODY
        code, out, _ = people(serving, "ban", "Kit", "--reason", "Selling parts")
        assert code == 0
        assert "banned until" in out
        assert kit.wait_for(lambda event: event["type"] == "error")["reason"] == "Selling parts"
        code, out, _ = people(serving, "ban-name", "*spam*")
        assert (code, out) == (0, "Nobody new can be called *spam*.\n")
        code, out, _ = people(serving, "bans")
        assert "*spam*  name" in out
        code, out, _ = people(serving, "audit")
        assert [line.split("  ")[2] for line in out.splitlines()] == ["ban_name", "ban", "mute"]


def test_nobody_sees_it_come_and_nobody_can_take_its_name() -> None:
    with Serving("--message-rate", "0") as serving, Peer(serving.websocket, "Kit") as kit:
        assert people(serving, "list")[:2] == (0, f"Kit  member  @{kit.welcome['me']}\n")
        assert people(serving, "role", "Kit", "moderator")[0] == 0
        kit.wait_for(lambda event: event.get("code") == "order")
        kit.send(type="users")
        coming = ("user_joined", "user_left", "users")
        event = kit.wait_for(lambda event: event["type"] in coming and event.get("nickname") != "Kit")
        assert event["type"] == "users"
        assert [user["nickname"] for user in event["users"]] == ["Kit"]
        for name in ("Command line", "Command Iine", "C\u043emmand  line"):
            kit.send(type="nick", nickname=name)
            assert kit.wait_for(lambda event: event["type"] in ("error", "renamed"))["code"] == "bad_nickname"


def test_it_acts_also_where_somebody_else_is_host_by_a_token(tmp_path: Path) -> None:
    key = tmp_path / "chat.key"
    key.write_text("a secret of thirty-two bytes or more")
    issued = warm_program.run("token", "issue", "tutor", "--role", "host", "--nickname", "Tutor", "--jwt-key", key)
    token = issued.stdout.strip()
    with Serving("--jwt-key", str(key)) as serving, Peer(serving.websocket, "Tutor", token=token) as tutor:
        assert people(serving, "list")[:2] == (0, f"Tutor  host  @{tutor.welcome['me']}\n")
        assert people(serving, "ban-name", "*spam*")[:2] == (0, "Nobody new can be called *spam*.\n")
        assert "  Command line  ban_name  " in people(serving, "audit")[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ban",), "Say whom"),
        (("role", "Kit", "king"), "Say which role"),
        (("rename", "Kit"), "Say the new name"),
        (("list",), "There is no chat in"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, capsys: Captured
) -> None:
    assert cli.run(["people", *arguments, "--data-dir", str(tmp_path)]) == cli.EXIT_USAGE
    assert sentence in capsys.readouterr().err
