"""A configuration that exists is valid; what is wrong is a sentence that says what to do."""

from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from chatdesk.config import MESSAGE_RATE, ConfigError, ServerConfig
from tests.shared_cases import INVISIBLE


def test_the_defaults_are_those_of_the_command_line() -> None:
    config = ServerConfig()
    assert (config.port, config.bind, config.max_connections) == (8080, "::", 1000)
    assert (config.message_rate, config.name, config.data_dir) == (MESSAGE_RATE, "ChatDesk", None)
    assert (config.in_memory, config.keep_days, config.keep_messages) == (False, 0, 0)
    assert config.discovery


def test_a_configuration_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        ServerConfig().port = 1  # type: ignore[misc]  # what is tested


@pytest.mark.parametrize(
    "settings",
    [
        {"port": 0},
        {"port": 65535},
        {"bind": "127.0.0.1"},
        {"bind": "::"},
        {"bind": "fe80::1"},
        {"max_connections": 1},
        {"message_rate": 0},
        {"message_rate": 0.2},
        {"name": "Робототехника"},
        {"in_memory": True},
        {"keep_days": 0.5, "keep_messages": 1},
        {"keep_days": 36_500, "keep_messages": 10**9, "data_dir": Path("somewhere")},
    ],
)
def test_what_can_work_is_accepted(settings: dict[str, Any]) -> None:
    ServerConfig(**settings)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"port": -1}, "Port -1 does not exist: choose one from 1 to 65535"),
        ({"port": 70000}, "Port 70000 does not exist"),
        ({"bind": ""}, "no address to listen on"),
        ({"name": "a\x1b[2J"}, "control characters"),
        ({"name": "a\nb"}, "control characters"),
        ({"name": "a\x85b"}, "control characters"),
        ({"name": "a\u2028b"}, "control characters"),
        ({"bind": "localhost"}, "no address to listen on"),
        ({"bind": "256.0.0.1"}, "no address to listen on"),
        ({"bind": "127.0.0.1:80"}, "no address to listen on"),
        ({"max_connections": 0}, "--max-connections"),
        ({"max_connections": -5}, "--max-connections"),
        ({"max_connections": 10**9}, "--max-connections"),
        ({"message_rate": -1}, "message rate"),
        ({"message_rate": float("nan")}, "message rate"),
        ({"message_rate": float("inf")}, "message rate"),
        ({"name": ""}, "name of the chat is empty"),
        ({"name": "  "}, "name of the chat is empty"),
        *(({"name": text}, "name of the chat") for text in INVISIBLE),
        ({"name": "Caf\udce9"}, "terminal's encoding"),
        ({"keep_days": -1}, "--keep-days"),
        ({"keep_days": float("nan")}, "--keep-days"),
        ({"keep_days": float("inf")}, "--keep-days"),
        ({"keep_messages": -1}, "--keep-messages"),
        ({"in_memory": True, "data_dir": Path("somewhere")}, "leave out --data-dir"),
        ({"in_memory": True, "keep_days": 1}, "nothing is kept"),
        ({"in_memory": True, "keep_messages": 1}, "nothing is kept"),
        ({"workers": 0}, "one for each core"),
        ({"workers": 2, "in_memory": True}, "leave out --in-memory"),
        ({"workers": 2, "cluster": "redis://10.0.0.5"}, "start more servers"),
        ({"cluster": "10.0.0.5:6379"}, "redis://"),
        ({"rejoin": True}, "give --cluster"),
        ({"cluster": "redis://10.0.0.5", "in_memory": True}, "leave out --in-memory"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(settings: dict[str, Any], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason) as caught:
        ServerConfig(**settings)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0::0", "::"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::ffff:0.0.0.0", "0.0.0.0"),
        ("FD00::0:1", "fd00::1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
    ],
)
def test_an_address_to_listen_on_has_one_spelling(typed: str, kept: str) -> None:
    assert ServerConfig(bind=typed).bind == kept
