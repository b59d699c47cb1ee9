"""The server's settings: an immutable object that is valid once it exists."""

import ipaddress
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from chatdesk.blocked_ports import opens_in_browsers
from chatdesk.ip import EVERY_ADDRESS, parse_network
from chatdesk.origin import parse_allowed_host, parse_public_url
from chatdesk.protocol.fields import PrivateMessages
from chatdesk.protocol.text import is_visible

MESSAGE_RATE = 5.0
"""Messages per second and connection by default: more than a person types, and few enough that a flood is no harm."""

NAME = "ChatDesk"
"""The name of a chat that was given none."""

MAX_KEEP_DAYS = 36_500
"""A hundred years; 0 keeps messages for ever."""

MAX_CONNECTIONS = 1_000_000
"""More than the open files that any system permits one process."""

MAX_WORKERS = 64
"""More than the cores of most machines."""

_CLUSTER_SCHEMES = ("unix://", *(f"redis{tls}{kind}://" for tls in ("", "s") for kind in ("", "+sentinel", "+cluster")))

_CONTROL_CATEGORIES = ("Cc", "Zl", "Zp")
"""Unicode categories that a name must not contain: terminals obey some of these characters."""


class ConfigError(Exception):
    """A setting that cannot work. The message is a sentence that says what to do; ``settings`` names the fields."""

    def __init__(self, sentence: str, *settings: str) -> None:
        super().__init__(sentence)
        self.settings = settings


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """The settings of a server. Raises ConfigError for a value that cannot work.

    - ``port``: 0 takes a free one; one that no browser opens needs a ``public_url``: only a proxy connects there.
    - ``bind``: one address of this machine, ``::`` for all of them, or ``0.0.0.0`` for all of IPv4.
    - ``data_dir``: the folder of the history, by default one for each ``name``; none with ``in_memory``.
    - ``keep_days``, ``keep_messages``: age in days and number per room beyond which messages are deleted; 0 for never.
    - ``message_rate``: messages per second and connection, with a burst of twice that; 0 for no limit.
    - ``edit_minutes``: how long after it was said a message may be edited by its sender; 0 for always.
    - ``name``: the name of the chat that people see when they join.
    - ``discovery``: whether others find the chat by themselves, and the window looks for theirs.
    - ``allow_host``: names besides this machine's by which requests may come, each with or without a port.
    - ``trusted_proxy``: networks of proxies that are believed whose connections they pass on.
    - ``banned_name``: names that nobody can have; with stars around it, every name with this word.
    - ``private_messages``: between whom these are possible: everyone, with host and moderators only, or nobody.
    - ``receipts``: whether people see who has read what they wrote.
    - ``password_file``: the file whose first line is the password of the chat; an empty one is none.
    - ``tls``: encrypt with a certificate of the chat's own; ``tls_cert``, ``tls_key``: with one that is given, in PEM.
    - ``approval``: whether newcomers wait until the host or a moderator lets them in.
    - ``jwt_key``: the file with the key of tokens, or a JWKS address of this machine; empty for no sign-in. Everybody
      needs a token then, unless ``jwt_optional``; each has to be for ``jwt_audience`` and by ``jwt_issuer``, if given.
    - ``cluster``: the Redis in which several servers order one chat; empty for a chat of one server.
    - ``rejoin``: set a history aside that does not fit those of the others any more, or misses too much; take theirs.
    - ``workers``: how many processes of this machine serve the chat, at one address; in each, ``port`` is given.
    - ``drain``: seconds over which people are sent to other servers when a service manager ends this one.
    - ``debug_secret``: the file whose first line opens ``/debug`` to programs on this machine, if any.
    - ``public_url``: the address to share if a proxy stands before the chat. Both are stored in canonical spelling.
    """

    port: int = 8080
    bind: str = EVERY_ADDRESS
    data_dir: Path | None = None
    in_memory: bool = False
    keep_days: float = 0.0
    keep_messages: int = 0
    max_connections: int = 1000
    message_rate: float = MESSAGE_RATE
    edit_minutes: float = 60.0
    name: str = NAME
    discovery: bool = True
    allow_host: tuple[str, ...] = ()
    public_url: str = ""
    trusted_proxy: tuple[str, ...] = ()
    banned_name: tuple[str, ...] = ()
    private_messages: PrivateMessages = "everyone"
    receipts: bool = True
    tls: bool = False
    tls_cert: Path | None = None
    tls_key: Path | None = None
    approval: bool = False
    password_file: Path | None = None
    jwt_key: str = ""
    jwt_optional: bool = False
    jwt_audience: str = ""
    jwt_issuer: str = ""
    cluster: str = ""
    rejoin: bool = False
    workers: int = 1
    drain: float = 0.0
    debug_secret: Path | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ConfigError(
                f"Port {self.port} does not exist: choose one from 1 to 65535, or 0 for any free one.", "port"
            )
        if self.port and not self.public_url and not opens_in_browsers(self.port):
            raise ConfigError(
                f"No browser opens port {self.port}, which belongs to another service: choose another, such as 8080.",
                "port",
            )
        try:
            object.__setattr__(self, "bind", _canonical(self.bind))
        except ValueError:
            raise ConfigError(
                f"{self.bind!r} is no address to listen on: give one of this machine's, or :: for all of them.",
                "bind",
            ) from None
        if not 1 <= self.max_connections <= MAX_CONNECTIONS:
            raise ConfigError(
                f"The number of connections, --max-connections, must be from 1 to {MAX_CONNECTIONS}.",
                "max_connections",
            )
        if not 0 <= self.message_rate < float("inf"):
            raise ConfigError("The message rate is a number per second: 0 for no limit, or more.", "message_rate")
        if not 0 <= self.edit_minutes <= MAX_KEEP_DAYS * 24 * 60:
            raise ConfigError(
                "The minutes in which a message can be edited, --edit-minutes, are 0 for no limit, or more.",
                "edit_minutes",
            )
        if not is_visible(self.name):
            raise ConfigError("The name of the chat is empty: leave --name out, or give it a name.", "name")
        if any("\ud800" <= char <= "\udfff" for char in self.name):  # bytes that the system's encoding could not read
            raise ConfigError("The name of the chat has letters that this terminal's encoding does not know.", "name")
        if any(unicodedata.category(char) in _CONTROL_CATEGORIES for char in self.name):
            raise ConfigError(
                "The name of the chat has line breaks or other control characters: leave them out.", "name"
            )
        if self.private_messages not in get_args(PrivateMessages):
            raise ConfigError(
                "Private messages, --private-messages, are for everyone, moderators or nobody.", "private_messages"
            )
        if self.tls_key and not self.tls_cert:
            raise ConfigError("--tls-key is the key of a certificate: give that with --tls-cert, too.", "tls_key")
        self._check_storage()
        self._check_sign_in()
        self._check_cluster()
        self._check_workers()
        self._normalize("allow_host", lambda names: tuple(map(parse_allowed_host, names)))
        self._normalize("trusted_proxy", lambda networks: tuple(map(parse_network, networks)))
        self._normalize("public_url", lambda url: url and parse_public_url(url))

    @property
    def encrypted(self) -> bool:
        """Whether the chat itself speaks TLS, besides plain HTTP on the same port."""
        return self.tls or self.tls_cert is not None

    def _check_storage(self) -> None:
        if not 0 <= self.keep_days <= MAX_KEEP_DAYS:
            raise ConfigError(
                f"The days that messages are kept, --keep-days, are 0 for ever, or up to {MAX_KEEP_DAYS}.",
                "keep_days",
            )
        if self.keep_messages < 0:
            raise ConfigError(
                "The number of messages that are kept, --keep-messages, is 0 for all, or more.", "keep_messages"
            )
        if self.in_memory and (self.data_dir or self.keep_days or self.keep_messages):
            raise ConfigError(
                "With --in-memory nothing is kept: leave out --data-dir, --keep-days and --keep-messages, or it.",
                *("in_memory", "data_dir", "keep_days", "keep_messages"),
            )

    def _check_sign_in(self) -> None:
        depends = ("jwt_optional", "jwt_audience", "jwt_issuer")
        if not self.jwt_key and (given := [name for name in depends if getattr(self, name)]):
            option = given[0].replace("_", "-")
            raise ConfigError(f"--{option} says something about tokens: name their key, too, with --jwt-key.", *given)
        if "://" in self.jwt_key and not _is_own_address(self.jwt_key):
            raise ConfigError(
                "Keys of tokens come from a file, or from an address of this machine such as "
                "http://127.0.0.1:9000/jwks.json: others could be changed on their way.",
                "jwt_key",
            )

    def _check_cluster(self) -> None:
        if self.cluster and not self.cluster.startswith(_CLUSTER_SCHEMES):
            raise ConfigError(
                "--cluster is the address of a Redis, such as redis://10.0.0.5:6379, rediss://… with TLS, "
                "unix:///run/redis/redis.sock, redis+sentinel://10.0.0.5:26379,10.0.0.6:26379/mymaster, or "
                "redis+cluster://10.0.0.5:6379.",
                "cluster",
            )
        if self.cluster and self.in_memory:
            raise ConfigError(
                "Each server of a cluster keeps the history on its disk: leave out --in-memory, or --cluster.",
                *("cluster", "in_memory"),
            )
        if self.rejoin and not self.cluster:
            raise ConfigError(
                "A server rejoins others of its cluster: give --cluster, too, or leave out --rejoin.", "rejoin"
            )

    def _check_workers(self) -> None:
        if not 1 <= self.workers <= MAX_WORKERS:
            raise ConfigError(
                f"The number of worker processes, --workers, is from 1 to {MAX_WORKERS}: one for each core.", "workers"
            )
        if self.workers > 1 and sys.platform != "linux":
            raise ConfigError(
                "Several workers share a port as only Linux can: leave out --workers on this system.", "workers"
            )
        if self.workers > 1 and self.in_memory:
            raise ConfigError(
                "Several workers agree by what is on the disk: leave out --in-memory, or --workers.",
                *("workers", "in_memory"),
            )
        if self.workers > 1 and self.cluster:
            raise ConfigError(
                "With --cluster each server is one process: leave out --workers, and start more servers.",
                *("workers", "cluster"),
            )

    def _normalize(self, setting: str, read: Callable[[Any], Any]) -> None:
        """Replace a setting by what ``read`` returns for it."""
        try:
            object.__setattr__(self, setting, read(getattr(self, setting)))
        except ValueError as error:
            raise ConfigError(str(error), setting) from None


def _is_own_address(url: str) -> bool:
    """Whether this is an http address that leads to this machine alone."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
        return parts.scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False


def _canonical(address: str) -> str:
    """An address in canonical spelling, of IPv4 if it is a mapped one. Raises ValueError if it is no address."""
    ip = ipaddress.ip_address(address)
    return str((isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped) or ip)
