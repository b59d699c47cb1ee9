"""``chatdesk paths`` prints where all files are, and which exist."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatdesk import cli

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for kind in ("DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    return tmp_path


def test_every_place_is_shown_and_none_is_made(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "config" / "ChatDesk").mkdir(parents=True)
    (own / "config" / "ChatDesk" / "chatdesk.toml").touch()
    before = sorted(own.rglob("*"))
    assert cli.run(["paths"]) == 0
    assert capsys.readouterr().out == (
        f"configuration  {own}/config/ChatDesk/chatdesk.toml\n"
        f"settings       {own}/config/ChatDesk/settings.ini (not there)\n"
        f"chats          {own}/data/ChatDesk/chats (not there)\n"
        f"joined         {own}/data/ChatDesk/joined (not there)\n"
        f"log            {own}/state/ChatDesk/log/chatdesk.log (not there)\n"
        f"resources      {ROOT}/resources\n"
    )
    assert sorted(own.rglob("*")) == before


def test_other_programs_read_json(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["paths", "--json"]) == 0
    places = json.loads(capsys.readouterr().out)
    assert places["chats"] == {"path": f"{own}/data/ChatDesk/chats", "exists": False}
    assert places["resources"]["exists"] is True


def test_in_portable_mode_all_is_in_one_folder(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHATDESK_HOME", str(own / "stick"))
    cli.run(["paths", "--json"])
    places = json.loads(capsys.readouterr().out)
    assert places.pop("resources")
    assert places.pop("portable") == {"path": f"{own}/stick", "exists": False}
    assert all(place["path"].startswith(f"{own}/stick/") for place in places.values())
    assert len(places) == 5


def test_a_configuration_file_that_is_named_is_shown_in_order_or_not(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (own / "one.toml").write_text("port = ")
    for arguments in (["paths", "--config", str(own / "one.toml")], ["--config", str(own / "one.toml"), "paths"]):
        assert cli.run(arguments) == 0
        assert capsys.readouterr().out.startswith(f"configuration  {own}/one.toml\n")
    monkeypatch.chdir(own)
    monkeypatch.setenv("CHATDESK_CONFIG", "two.toml")
    assert cli.run(["paths"]) == 0
    assert capsys.readouterr().out.startswith(f"configuration  {own}/two.toml (not there)\n")


def test_a_terminal_that_does_not_know_the_letters_gets_others(own: Path) -> None:
    environment = {**os.environ, "CHATDESK_HOME": f"{own}/Küche", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "chatdesk", "paths"]
    process = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=30, check=False)
    assert (process.returncode, process.stderr) == (0, b"")
    assert b"K\\xfcche" in process.stdout
