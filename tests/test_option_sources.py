"""The command line comes before the environment, the file and the defaults; an error says where it is set."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatdesk.config import ConfigError, ServerConfig
from chatdesk.option_sources import resolve_options
from chatdesk.options import OPTIONS

WriteFile = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteFile:
    """Puts a configuration file into its place."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def write_file(text: str) -> Path:
        file = tmp_path / "ChatDesk" / "chatdesk.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write_file


def config(arguments: dict[str, Any], environment: dict[str, str]) -> ServerConfig:
    return resolve_options(arguments, environment).server_config()


def test_without_a_word_the_defaults_hold() -> None:
    choice = resolve_options({}, {})
    assert choice.values == {option.name: option.default for option in OPTIONS}
    assert choice.server_config() == ServerConfig()


def test_the_command_line_is_before_the_environment_before_the_file(write: WriteFile) -> None:
    write("port = 8081\nkeep-days = 1\nmax-connections = 1")
    environment = {"CHATDESK_PORT": "2", "CHATDESK_KEEP_DAYS": "2"}
    assert config({"port": 8083}, environment) == ServerConfig(port=8083, keep_days=2, max_connections=1)
    assert config({}, {}) == ServerConfig(port=8081, keep_days=1, max_connections=1)


def test_a_switch_can_be_turned_back(write: WriteFile) -> None:
    write("discovery = false\nin-memory = true")
    assert config({}, {}) == ServerConfig(discovery=False, in_memory=True)
    assert config({}, {"CHATDESK_DISCOVERY": "on", "CHATDESK_IN_MEMORY": "no"}) == ServerConfig()
    assert config({"discovery": False}, {"CHATDESK_DISCOVERY": "on"}) == ServerConfig(discovery=False, in_memory=True)


SAMPLES = {
    "nickname": ("Mara", "Mara"),
    "port": ("9000", 9000),
    "bind": ("127.0.0.1", "127.0.0.1"),
    "name": ("Robotics", "Robotics"),
    "data_dir": ("/srv/chat", Path("/srv/chat")),
    "in_memory": ("yes", True),
    "keep_days": ("0.5", 0.5),
    "keep_messages": ("20", 20),
    "max_connections": ("50", 50),
    "message_rate": ("0", 0.0),
    "edit_minutes": ("1.5", 1.5),
    "private_messages": ("moderators", "moderators"),
    "receipts": ("no", False),
    "address": ("192.168.4.20:8080", "192.168.4.20:8080"),
    "discovery": ("no", False),
    "allow_host": ("chatdesk, chat.example.org:8000", ("chatdesk", "chat.example.org:8000")),
    "cluster": ("redis://10.0.0.5:6379", "redis://10.0.0.5:6379"),
    "rejoin": ("yes", True),
    "jwt_key": ("keys/chat.key", "keys/chat.key"),
    "jwt_optional": ("yes", True),
    "jwt_audience": ("chat", "chat"),
    "jwt_issuer": ("school", "school"),
    "public_url": ("https://chat.example.org", "https://chat.example.org"),
    "approval": ("yes", True),
    "trusted_proxy": ("10.0.0.1, 10.1.0.0/16", ("10.0.0.1", "10.1.0.0/16")),
    "password_file": ("/srv/password", Path("/srv/password")),
    "join_password_file": ("/srv/password", Path("/srv/password")),
    "token_file": ("/srv/token", Path("/srv/token")),
    "workers": ("2", 2),
    "drain": ("10", 10.0),
    "debug_secret": ("/srv/debug", Path("/srv/debug")),
    "log_json": ("yes", True),
    "banned_name": ("admin, *host*", ("admin", "*host*")),
    "tls": ("yes", True),
    "tls_cert": ("/srv/chat.pem", Path("/srv/chat.pem")),
    "tls_key": ("/srv/chat.key", Path("/srv/chat.key")),
}


@pytest.mark.parametrize(
    "option", [o for o in OPTIONS if o.configurable and o.name != "config"], ids=lambda option: option.name
)
def test_every_option_that_can_be_kept_is_read_from_its_variable(option: Any) -> None:
    text, value = SAMPLES[option.name]
    assert resolve_options({}, {option.variable: text}).values[option.name] == value


def test_an_empty_variable_is_none(write: WriteFile) -> None:
    write("port = 8081")
    assert config({}, {"CHATDESK_PORT": "", "CHATDESK_DATA_DIR": "", "CHATDESK_CONFIG": ""}) == ServerConfig(port=8081)


def test_the_file_can_be_another(write: WriteFile, tmp_path: Path) -> None:
    write("port = 8081")
    others = [tmp_path / "two.toml", tmp_path / "three.toml"]
    for port, other in enumerate(others, 8082):
        other.write_text(f"port = {port}")
    environment = {"CHATDESK_CONFIG": str(others[0])}
    assert config({}, environment).port == 8082
    assert config({"config": others[1]}, environment).port == 8083


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    file = tmp_path / "nothing.toml"
    sentence = f"There is no configuration file {file}: name one that is there."
    with pytest.raises(ConfigError) as caught:
        resolve_options({"config": file}, {})
    assert str(caught.value) == sentence
    with pytest.raises(ConfigError) as caught:
        resolve_options({}, {"CHATDESK_CONFIG": str(file)})
    assert str(caught.value) == f"{sentence} It is set by the variable CHATDESK_CONFIG."


@pytest.mark.parametrize(
    ("variable", "text", "sentence"),
    [
        ("CHATDESK_PORT", "http", "The variable CHATDESK_PORT is 'http': it must be a whole number."),
        ("CHATDESK_PORT", "tcp://10.0.0.1:80", "The variable CHATDESK_PORT is 'tcp://10.0.0.1:80': it must be"),
        ("CHATDESK_IN_MEMORY", "perhaps", "The variable CHATDESK_IN_MEMORY is 'perhaps': it must be true or false."),
        ("CHATDESK_DATA_DIR", " ", "The variable CHATDESK_DATA_DIR is ' ': it must be the name of a folder."),
        ("CHATDESK_PORT", "70000", "or 0 for any free one. It is set by the variable CHATDESK_PORT."),
        ("CHATDESK_BIND", "nowhere", "or :: for all of them. It is set by the variable CHATDESK_BIND."),
        ("CHATDESK_MAX_CONNECTIONS", "0", "It is set by the variable CHATDESK_MAX_CONNECTIONS."),
        ("CHATDESK_MESSAGE_RATE", "nan", "It is set by the variable CHATDESK_MESSAGE_RATE."),
        ("CHATDESK_NAME", " ", "It is set by the variable CHATDESK_NAME."),
        ("CHATDESK_NAME", "Caf\udce9", "It is set by the variable CHATDESK_NAME."),
        ("CHATDESK_KEEP_DAYS", "-1", "It is set by the variable CHATDESK_KEEP_DAYS."),
        ("CHATDESK_KEEP_MESSAGES", "-1", "It is set by the variable CHATDESK_KEEP_MESSAGES."),
        ("CHATDESK_ALLOW_HOST", "http://a", "It is set by the variable CHATDESK_ALLOW_HOST."),
        ("CHATDESK_PUBLIC_URL", "a", "It is set by the variable CHATDESK_PUBLIC_URL."),
        ("CHATDESK_NICKNAME", "host", "for the chat itself. It is set by the variable CHATDESK_NICKNAME."),
    ],
)
def test_a_wrong_variable_is_named(variable: str, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config({}, {variable: text})
    assert sentence in str(caught.value)


def test_a_wrong_value_of_the_file_is_named_with_key_and_file(write: WriteFile) -> None:
    file = write("port = 70000")
    with pytest.raises(ConfigError, match=f"It is set by port in {file}.$"):
        config({}, {"CHATDESK_BIND": "127.0.0.1"})
    assert config({"port": 8081}, {}).port == 8081, "what is not used does no harm"


def test_a_wrong_value_of_the_command_line_needs_no_pointing_at() -> None:
    with pytest.raises(ConfigError, match=r"or 0 for any free one\.$"):
        config({"port": 70000}, {"CHATDESK_NAME": "Robotics"})


@pytest.mark.parametrize("keeping", [{"data_dir": Path("x")}, {"keep_days": 1.0}, {"keep_messages": 1}])
def test_between_storing_and_not_storing_the_first_source_decides(write: WriteFile, keeping: dict[str, Any]) -> None:
    write("in-memory = true")
    assert config(keeping, {}) == ServerConfig(**keeping)
    write("data-dir = '/srv'\nkeep-days = 3\nkeep-messages = 4")
    assert config({"in_memory": True}, {}) == ServerConfig(in_memory=True)
    with pytest.raises(ConfigError, match="nothing is kept"):
        config({"in_memory": True, **keeping}, {})


def test_a_contradiction_within_the_file_names_both_keys(write: WriteFile) -> None:
    file = write("in-memory = true\nkeep-days = 3")
    with pytest.raises(ConfigError, match=f"They are set by in-memory in {file} and keep-days in {file}.$"):
        config({}, {})


def test_a_variable_that_is_nearly_one_of_ours_is_remarked_on(caplog: pytest.LogCaptureFixture) -> None:
    environment = {"CHATDESK_PROT": "1", "CHATDESK_SERVICE_HOST": "10.0.0.1", "CHATDESK_HOME": "/x", "PORT": "1"}
    assert config({}, environment) == ServerConfig()
    assert caplog.messages == ["The variable CHATDESK_PROT means nothing to ChatDesk: do you mean CHATDESK_PORT?"]


def test_a_commands_own_arguments_are_there_too() -> None:
    assert resolve_options({"command": "join", "url": "10.0.0.1"}, {}).values["url"] == "10.0.0.1"


def test_without_a_home_there_is_no_file_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # what Python does where nobody knows the person
    assert config({"data_dir": Path("/srv")}, {}) == ServerConfig(data_dir=Path("/srv"))
