"""The server's settings: frozen, and valid once they exist."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

MESSAGE_RATE = 5.0
"""Messages per second and connection that the server takes by default: more than a person types."""

NAME = "ChatDesk"
"""What a chat is called that nobody has given a name."""

MOST_CONNECTIONS = 1_000_000
"""More than any system gives one process files for."""


class ConfigError(Exception):
    """A setting that cannot work; the text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """What a server needs to know before it starts.

    ``port`` 0 takes a free one. ``message_rate`` is messages per second and connection, with a burst of twice that;
    0 turns the limit off. ``name`` is what the chat is called where people join.
    Raises ConfigError for a value that cannot work.
    """

    port: int = 8080
    bind: str = "0.0.0.0"  # noqa: S104 - the whole point is that others on the network can join
    data_dir: Path | None = None
    max_connections: int = 1000
    message_rate: float = MESSAGE_RATE
    name: str = NAME

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ConfigError(f"Port {self.port} does not exist: choose one from 1 to 65535, or 0 for any free one.")
        try:
            ipaddress.ip_address(self.bind)
        except ValueError:
            raise ConfigError(
                f"{self.bind!r} is no address to listen on: give one of this machine's, or 0.0.0.0 for all of them."
            ) from None
        if not 1 <= self.max_connections <= MOST_CONNECTIONS:
            raise ConfigError(f"The number of connections, --max-connections, must be from 1 to {MOST_CONNECTIONS}.")
        if not 0 <= self.message_rate < float("inf"):
            raise ConfigError("The message rate is a number per second: 0 for no limit, or more.")
        if not self.name.strip():
            raise ConfigError("The name of the chat is empty: leave --name out, or give it a name.")
