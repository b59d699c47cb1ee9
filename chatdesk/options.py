"""All options of the program in one table, for the command line, the environment and the configuration file."""

import argparse
from collections.abc import Iterator
from typing import Any, get_args

from chatdesk.config import ServerConfig
from chatdesk.export.formats import Format
from chatdesk.option import Option
from chatdesk.option_kinds import (
    DURATION,
    FILE,
    FOLDER,
    INTEGER,
    KEY,
    NAMES,
    NUMBER,
    SECONDS,
    SWITCH,
    TEXT,
)
from chatdesk.protocol.fields import PrivateMessages
from chatdesk.protocol.names import LOBBY

ROLES = ("guest", "member", "moderator", "host")
START_SCREEN = ""
"""The command if none is named."""

_DEFAULTS = ServerConfig()


class _Add(argparse.Action):
    """Collects the values of an option that may be given several times."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        _option_string: str | None = None,
    ) -> None:
        setattr(namespace, self.dest, (*getattr(namespace, self.dest, ()), *values))


_HOSTING = ("host", "serve")
_WITH_TOKENS = (*_HOSTING, "token")
_WITH_PORT = (*_HOSTING, "hook", "invite", "doctor", "people", "room", "stats")
_WITH_HISTORY = (*_HOSTING, "hook", "invite", "people", "room", "token", "export", "backup", "import")
_WITH_WINDOW = (START_SCREEN, "host", "join")
_IN_TERMINAL = ("send", "tail")
_WITH_ADDRESS = (*_IN_TERMINAL, "stats")
_ALL = (
    *_WITH_WINDOW,
    "serve",
    *_WITH_ADDRESS,
    "hook",
    "invite",
    "people",
    "room",
    "token",
    "export",
    "backup",
    "import",
    "doctor",
    "hosts",
    "paths",
)

CONFIG = Option("config", FILE, None, "the configuration file", _ALL, "FILE", "see chatdesk paths")
OPTIONS = (
    Option(
        "nickname",
        TEXT,
        None,
        "what the others call you",
        (*_WITH_WINDOW, *_IN_TERMINAL, "token"),
        "NAME",
        "the last one used; in a terminal your name on this computer",
    ),
    Option(
        "address", TEXT, None, "where the chat is, such as 192.168.4.20:8080", _WITH_ADDRESS, "ADDRESS", "this computer"
    ),
    Option("port", INTEGER, _DEFAULTS.port, "port to listen on; 0 takes a free one", _WITH_PORT, "N"),
    Option(
        "bind",
        TEXT,
        _DEFAULTS.bind,
        "address to listen on: one, or 0.0.0.0 for those of IPv4",
        (*_HOSTING, "hook", "invite", "people", "room"),
        "ADDRESS",
        ":: for all",
    ),
    Option("name", TEXT, _DEFAULTS.name, "what the chat is called", _WITH_HISTORY),
    Option(
        "data_dir",
        FOLDER,
        None,
        "folder for the chat's history",
        (*_WITH_HISTORY, "doctor"),
        "DIR",
        "one for each --name",
    ),
    Option("in_memory", SWITCH, _DEFAULTS.in_memory, "keep nothing on disk: all is gone at the end", _HOSTING),
    Option("keep_days", NUMBER, _DEFAULTS.keep_days, "forget messages after N days; 0: never", _HOSTING, "N"),
    Option(
        "keep_messages", INTEGER, _DEFAULTS.keep_messages, "keep the latest N messages of a room; 0: all", _HOSTING, "N"
    ),
    Option("max_connections", INTEGER, _DEFAULTS.max_connections, "people at once, at most", _HOSTING, "N"),
    Option(
        "message_rate",
        NUMBER,
        _DEFAULTS.message_rate,
        "messages per second and person, with a burst of twice that; 0: no limit",
        _HOSTING,
        "N",
    ),
    Option(
        "private_messages",
        TEXT,
        _DEFAULTS.private_messages,
        "who may write privately to whom; moderators: one of the two has to be host or moderator",
        _HOSTING,
        choices=get_args(PrivateMessages),
    ),
    Option("receipts", SWITCH, _DEFAULTS.receipts, "let people see who has read what they wrote", _HOSTING),
    Option("approval", SWITCH, _DEFAULTS.approval, "let newcomers wait until you let them in", _HOSTING),
    Option(
        "edit_minutes",
        NUMBER,
        _DEFAULTS.edit_minutes,
        "minutes in which people may edit what they have said; 0: no limit",
        _HOSTING,
        "N",
    ),
    Option(
        "discovery",
        SWITCH,
        _DEFAULTS.discovery,
        "let others find this chat, and look for rooms nearby",
        (*_WITH_WINDOW, "serve", "hosts"),
    ),
    Option(
        "allow_host",
        NAMES,
        _DEFAULTS.allow_host,
        "a name besides its own by which it may be reached; give it once for each",
        _HOSTING,
        "NAME",
    ),
    Option(
        "public_url",
        TEXT,
        _DEFAULTS.public_url,
        "the address that people are given, where a proxy stands before it",
        _HOSTING,
        "URL",
    ),
    Option(
        "trusted_proxy",
        NAMES,
        _DEFAULTS.trusted_proxy,
        "a proxy, or a network of them, that is believed from where people come; give it once for each",
        _HOSTING,
        "CIDR",
    ),
    Option(
        "password_file",
        FILE,
        _DEFAULTS.password_file,
        "the file with the password that newcomers have to know in its first line; an empty one is none",
        _HOSTING,
        "FILE",
    ),
    Option(
        "join_password_file",
        FILE,
        None,
        "the file whose first line is the password of chat or room; where both have one, the room's is the second",
        _IN_TERMINAL,
        "FILE",
    ),
    Option("token_file", FILE, None, "the file with the token by which to sign in", _IN_TERMINAL, "FILE"),
    Option(
        "banned_name", NAMES, (), "a name that nobody can have, nor one alike; *WORD* for all with it", _HOSTING, "NAME"
    ),
    Option(
        "tls",
        SWITCH,
        _DEFAULTS.tls,
        "encrypt, with a certificate of the chat's own that people compare or trust once",
        (*_HOSTING, "hook", "invite"),
    ),
    Option(
        "tls_cert",
        FILE,
        _DEFAULTS.tls_cert,
        "encrypt with this certificate and its chain, in PEM",
        (*_HOSTING, "hook", "invite"),
        "FILE",
    ),
    Option("tls_key", FILE, _DEFAULTS.tls_key, "its private key, where it is not in the same file", _HOSTING, "FILE"),
    Option(
        "jwt_key",
        KEY,
        _DEFAULTS.jwt_key,
        "let in people with a token by this key: a secret, PEM, or JWKS, which may be at an address of this machine",
        _WITH_TOKENS,
        "FILE",
    ),
    Option(
        "jwt_optional",
        SWITCH,
        _DEFAULTS.jwt_optional,
        "let people in without a token, too",
        _WITH_TOKENS,
    ),
    Option(
        "jwt_audience",
        TEXT,
        _DEFAULTS.jwt_audience,
        "whom tokens have to be for (aud)",
        _WITH_TOKENS,
        "AUDIENCE",
    ),
    Option("jwt_issuer", TEXT, _DEFAULTS.jwt_issuer, "who has to have issued them (iss)", _WITH_TOKENS, "ISSUER"),
    Option(
        "cluster",
        TEXT,
        _DEFAULTS.cluster,
        "in development: be one chat with other servers of the same --name, by this Redis, Sentinel or Redis Cluster",
        ("serve",),
        "URL",
    ),
    Option(
        "rejoin",
        SWITCH,
        _DEFAULTS.rejoin,
        "with --cluster: set a history aside that has gone another way or misses too much, and take that of the others",
        ("serve",),
    ),
    Option(
        "workers",
        INTEGER,
        _DEFAULTS.workers,
        "in development: processes that serve the chat together, at most one for each core; on Linux",
        ("serve",),
        "N",
    ),
    Option("drain", SECONDS, _DEFAULTS.drain, "seconds in which people are sent elsewhere on SIGTERM", ("serve",), "N"),
    Option("debug_secret", FILE, _DEFAULTS.debug_secret, "the file whose first line opens /debug", _HOSTING, "FILE"),
    Option("log_json", SWITCH, False, "write the log to the standard error, too, as JSON lines for programs", _HOSTING),
    CONFIG,
    Option(
        "format",
        TEXT,
        None,
        "what to write",
        ("export",),
        None,
        "what the ending of FILE says",
        choices=tuple(map(str, Format)),
        configurable=False,
    ),
    Option(
        "room",
        TEXT,
        None,
        "which room",
        (*_IN_TERMINAL, "hook", "invite", "people", "export"),
        shown_default=f"{LOBBY}; exported as JSON lines: all",
        configurable=False,
    ),
    Option(
        "role",
        TEXT,
        None,
        "what the person of the token or invitation is",
        ("invite", "token"),
        None,
        "member",
        ROLES,
        configurable=False,
    ),
    Option(
        "rooms",
        NAMES,
        (),
        "a room that the token is for; give it once for each",
        ("token",),
        "ROOM",
        "all rooms",
        configurable=False,
    ),
    Option("expires", DURATION, 86_400.0, "when the token ends", ("token",), "TIME", "24h", configurable=False),
    Option("to", TEXT, None, "who alone is to read it", ("send",), "NAME", "everybody in the room", configurable=False),
    Option(
        "open", SWITCH, False, "let everybody into imported rooms that were public", ("import",), configurable=False
    ),
    Option(
        "private",
        TEXT,
        "skip",
        "imported conversations of two people: leave them out, or keep them, though nobody here can read them",
        ("import",),
        choices=("skip", "keep"),
        configurable=False,
    ),
    Option("force", SWITCH, False, "replace FILE where there is one", ("export", "backup"), configurable=False),
    Option(
        "uses", INTEGER, 1, "people whom an invitation lets in; 0: any number", ("invite",), "N", configurable=False
    ),
    Option("hours", NUMBER, 24.0, "for how long an invitation holds", ("invite",), "N", configurable=False),
    Option("reason", TEXT, None, "why; the person sees it", ("people",), "TEXT", configurable=False),
    Option("minutes", INTEGER, None, "for how long; 0 is without an end", ("people",), "N", configurable=False),
    Option(
        "also_address",
        SWITCH,
        False,
        "ban: everybody else who comes from there, too",
        ("people",),
        configurable=False,
    ),
    Option("yes", SWITCH, False, "delete without a question", ("room",), configurable=False),
    Option("seconds", SECONDS, 3.0, "how long to look", ("hosts",), "N", configurable=False),
    Option(
        "json",
        SWITCH,
        False,
        "for other programs to read",
        (*_WITH_ADDRESS, "hook", "invite", "people", "room", "hosts", "paths"),
        configurable=False,
    ),
)


def options_of(command: str) -> Iterator[Option]:
    """The options that a command takes."""
    return (option for option in OPTIONS if command in option.commands)


def add_options(parser: argparse.ArgumentParser, command: str) -> None:
    """Add a command's options to its parser. The result lacks those that are not given: they may be set elsewhere."""
    for option in options_of(command):
        help_text = f"{option.help} (default: {option.default_words})" if option.default_words else option.help
        if option.kind is SWITCH:
            action = argparse.BooleanOptionalAction if option.configurable else "store_true"
            parser.add_argument(option.flag, action=action, default=argparse.SUPPRESS, help=help_text)
        else:
            parser.add_argument(
                option.flag,
                action=_Add if option.kind is NAMES else "store",
                type=option.read_argument,
                default=argparse.SUPPRESS,
                metavar=option.metavar,
                choices=option.choices,
                help=help_text,
            )
