"""``chatdesk hook``: the secret is shown once, and kept nowhere."""

import json
from pathlib import Path

import pytest

from chatdesk import cli
from chatdesk.log.hook_file import FILE, HookFile

Captured = pytest.CaptureFixture[str]


def run(folder: Path, *arguments: str) -> int:
    return cli.run(["hook", *arguments, "--data-dir", str(folder)])


def test_a_hook_is_made_shown_once_and_removed(tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "new"
    assert run(folder, "add", "CI", "--room", "Build", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["name"], made["room"]) == ("CI", "build")
    secret = made["url"].rpartition("/hooks/")[2]
    hook = HookFile(folder).find(secret)
    assert hook
    assert hook.room == "build"
    assert secret not in (folder / FILE).read_text()
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600

    assert run(folder, "list") == 0
    assert capsys.readouterr().out.startswith("CI  build  20")
    assert run(folder, "remove", "ci") == 0
    assert HookFile(folder).find(secret) is None
    assert run(folder, "list", "--json") == 0
    assert capsys.readouterr().out == "[]\n"


def test_the_address_is_the_public_one(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATDESK_PUBLIC_URL", "https://chat.example/team")
    assert run(tmp_path, "add", "CI") == 0
    output, hint = capsys.readouterr()
    assert output.startswith("https://chat.example/team/hooks/")
    assert "only now" in hint


def test_the_address_is_that_of_the_port_that_is_named(tmp_path: Path, capsys: Captured) -> None:
    """As of another node of the chat on this computer."""
    assert run(tmp_path, "add", "CI", "--port", "8612", "--bind", "127.0.0.1") == 0
    assert capsys.readouterr().out.startswith("http://127.0.0.1:8612/hooks/")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add",), "Name the hook"),
        (("add", "CI"), "There is a hook CI already"),
        (("add", "host"), "reserved"),
        (("add", "Other", "--room", "a b"), "A room's name"),
        (("remove", "Other"), "There is no hook Other"),
    ],
)
def test_what_cannot_be_says_why(tmp_path: Path, capsys: Captured, arguments: tuple[str, ...], words: str) -> None:
    HookFile(tmp_path).add("CI", "lobby")
    assert run(tmp_path, *arguments) == cli.EXIT_USAGE
    assert words in capsys.readouterr().err


def test_a_damaged_file_is_named(tmp_path: Path, capsys: Captured, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / FILE).write_text("{")
    assert run(tmp_path, "list") == cli.EXIT_USAGE
    assert "remove the file hooks.json" in capsys.readouterr().err
    assert HookFile(tmp_path).find("x") is None
    assert "cannot be read" in caplog.text
