"""Arguments become a configuration, or one sentence and exit code 2."""

from pathlib import Path
from typing import Any

import pytest

from chatdesk import __version__, app, cli, headless, start
from chatdesk.config import ServerConfig


class RecordedStart:
    """What would have been started."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.headless: ServerConfig | None = None
        self.desktop: list[Any] = []
        monkeypatch.setattr(headless, "run_headless", self._run_headless)
        monkeypatch.setattr(app, "run_desktop", self._run_desktop)

    def _run_headless(self, config: ServerConfig) -> int:
        self.headless = config
        return 0

    def _run_desktop(self, how: start.StartScreen | start.Host | start.Join, config: ServerConfig) -> int:
        self.desktop.append((how, config))
        return 7


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> RecordedStart:
    monkeypatch.delenv("CHATDESK_DISCOVERY")  # nothing really starts here
    return RecordedStart(monkeypatch)


OPTIONS = [
    *("--port", "9000", "--bind", "127.0.0.1", "--data-dir", "/tmp/chat"),
    *("--max-connections", "50", "--message-rate", "0", "--name", "Robotics"),
    *("--keep-days", "0.5", "--keep-messages", "200"),
]
CONFIG = ServerConfig(
    port=9000,
    bind="127.0.0.1",
    data_dir=Path("/tmp/chat"),
    keep_days=0.5,
    keep_messages=200,
    max_connections=50,
    message_rate=0.0,
    name="Robotics",
)


def test_no_argument_opens_the_start_screen(started: RecordedStart) -> None:
    assert cli.run([]) == 7
    assert started.desktop == [(start.StartScreen(None), ServerConfig())]
    cli.run(["--nickname", "Mara"])
    assert started.desktop[1] == (start.StartScreen("Mara"), ServerConfig())


def test_serve_and_host_take_the_same_options(started: RecordedStart) -> None:
    assert cli.run(["serve", *OPTIONS]) == 0
    assert started.headless == CONFIG
    cli.run(["host", *OPTIONS, "--nickname", "Mara"])
    assert started.desktop == [(start.Host("Mara"), CONFIG)]


def test_without_options_the_defaults_are_those_of_the_configuration(started: RecordedStart) -> None:
    cli.run(["serve"])
    assert started.headless == ServerConfig()
    cli.run(["host"])
    assert started.desktop == [(start.Host(None), ServerConfig())]


def test_in_memory_is_a_switch(started: RecordedStart) -> None:
    cli.run(["serve", "--in-memory"])
    assert started.headless == ServerConfig(in_memory=True)


def test_discovery_can_be_turned_off(started: RecordedStart) -> None:
    cli.run(["serve", "--no-discovery"])
    assert started.headless == ServerConfig(discovery=False)
    for arguments in ([], ["host"], ["join", "192.168.4.20"]):
        cli.run([*arguments, "--no-discovery"])
        cli.run(["--no-discovery", *arguments])
    assert [config.discovery for _, config in started.desktop] == [False] * 6


def test_names_are_given_one_by_one_or_in_a_list(started: RecordedStart) -> None:
    cli.run(["serve", "--allow-host", "chatdesk", "--allow-host", "a:8000, b", "--public-url", "https://Chat.example"])
    allowed = ("chatdesk", "a:8000", "b")
    assert started.headless == ServerConfig(allow_host=allowed, public_url="https://chat.example")


def test_a_link_alone_joins(started: RecordedStart) -> None:
    cli.run(["chatdesk://192.168.4.20:8080"])
    assert started.desktop == [(start.Join("chatdesk://192.168.4.20:8080", None), ServerConfig())]


def test_join_takes_an_address_and_a_nickname(started: RecordedStart) -> None:
    cli.run(["join", "192.168.4.20:8080", "--nickname", "Kit"])
    assert started.desktop == [(start.Join("192.168.4.20:8080", "Kit"), ServerConfig())]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["serve", "--port", "http"], "--port: 'http' is not a whole number"),
        (["serve", "--port", "70000"], "Port 70000 does not exist"),
        (["serve", "--port", "-1"], "Port -1 does not exist"),
        (["serve", "--bind", "nowhere"], "no address to listen on"),
        (["serve", "--message-rate", "nan"], "message rate"),
        (["serve", "--message-rate", "-1"], "message rate"),
        (["serve", "--message-rate", "fast"], "'fast' is not a number"),
        (["serve", "--max-connections", "0"], "--max-connections"),
        (["serve", "--keep-days", "some"], "'some' is not a number"),
        (["serve", "--keep-messages", "-1"], "--keep-messages"),
        (["serve", "--in-memory", "--keep-days", "1"], "nothing is kept"),
        (["serve", "--unknown"], "nrecognized arguments: --unknown"),
        (["serve", "extra"], "nrecognized arguments: extra"),
        (["dance"], "invalid choice: 'dance'"),
        (["join"], "URL"),
        (["host", "--name", " "], "name of the chat is empty"),
        (["serve", "--data-dir", ""], "--data-dir: '' is not the name of a folder"),
        (["backup", "-"], "A backup is a file"),
        (["import"], "FILE"),
        (["serve", "--config", "nowhere.toml"], "no configuration file nowhere.toml"),
    ],
)
def test_a_bad_argument_is_one_sentence_and_exit_code_2(
    arguments: list[str], reason: str, started: RecordedStart, capsys: pytest.CaptureFixture[str]
) -> None:
    code: str | int | None
    try:
        code = cli.run(arguments)
    except SystemExit as leaving:
        code = leaving.code
    output, errors = capsys.readouterr()
    assert code == 2
    assert output == ""
    assert reason in errors
    assert len(errors.splitlines()) == 1
    assert errors.endswith(".\n")
    assert errors[0].isupper() or errors[0] == "'"
    assert started.headless is None
    assert not started.desktop


def test_what_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(config: ServerConfig) -> int:
        raise start.StartError("Port 8080 is taken.")

    monkeypatch.setattr(headless, "run_headless", fail)
    assert cli.run(["serve"]) == 2
    assert capsys.readouterr() == ("", "Port 8080 is taken.\n")


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        cli.run(["--version"])
    assert leaving.value.code == 0
    assert capsys.readouterr().out == f"chatdesk {__version__}\n"


@pytest.mark.parametrize("command", [[], ["serve"], ["host"], ["join"], ["export"], ["backup"], ["import"], ["paths"]])
def test_help_explains_every_option(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        cli.run([*command, "--help"])
    assert leaving.value.code == 0
    text = capsys.readouterr().out
    archive = ["FILE", "--name", "--data-dir", "--force"]
    for option in {
        "serve": [*OPTIONS[::2], "--no-discovery"],
        "host": [*OPTIONS[::2], "--nickname"],
        "": ["--nickname", "--no-discovery"],
        "join": ["URL", "--no-discovery"],
        "export": [*archive, "--format", "--room"],
        "backup": archive,
        "import": ["FILE", "--name", "--data-dir", "--open", "Slack", "Mattermost", "Zulip", "Discord"],
    }.get("".join(command), []):
        assert option in text
    if not command:
        assert "examples:" in text
        assert "chatdesk join 192.168.4.20:8080" in text


@pytest.mark.parametrize("seconds", ["nan", "inf", "-3", "86401", "soon"])
def test_a_time_to_look_that_cannot_be_is_refused(capsys: pytest.CaptureFixture[str], seconds: str) -> None:
    with pytest.raises(SystemExit):
        cli.run(["hosts", f"--seconds={seconds}"])
    assert "is not a number of seconds, from 0 to" in capsys.readouterr().err


def test_nobody_is_looked_for_where_that_is_turned_off(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[float] = []

    def look(seconds: float, *, as_json: bool) -> int:
        looked.append(seconds)
        return int(as_json)

    monkeypatch.setattr(app, "run_hosts", look)
    monkeypatch.setenv("CHATDESK_DISCOVERY", "off")
    assert cli.run(["hosts"]) == cli.EXIT_USAGE
    assert capsys.readouterr().err == (
        "Looking for chats is turned off. It is set by the variable CHATDESK_DISCOVERY. "
        "To look all the same, add --discovery.\n"
    )
    assert looked == []
    assert cli.run(["hosts", "--discovery", "--seconds", "2"]) == 0
    assert looked == [2.0]
