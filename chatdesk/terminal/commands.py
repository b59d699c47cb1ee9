"""Runs ``chatdesk send`` and ``chatdesk tail``."""

import argparse
import sys
from collections.abc import Coroutine
from typing import Any

from chatdesk.client.known_hosts import KnownHosts
from chatdesk.client.saved_state import ClientStore
from chatdesk.config import ConfigError
from chatdesk.console import print_line
from chatdesk.paths import joined_folder
from chatdesk.protocol import codec
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.limits import CONTENT_CHARS, MESSAGE_BYTES
from chatdesk.protocol.names import LOBBY
from chatdesk.terminal.participant import Target, exit_code, find_target
from chatdesk.terminal.send import send
from chatdesk.terminal.tail import tail

_NOTHING_TO_SEND = 'Say what to send, as in: chatdesk send "Tea is ready".'
_NOT_UTF8 = "What comes in is no text in UTF-8: it cannot be sent."


def prepare(options: argparse.Namespace) -> Coroutine[Any, Any, int]:
    """Check the options, and read what is to be sent; return what does the work, and returns the exit code.

    Raises ConfigError.
    """
    hosts = KnownHosts(joined_folder().with_name("known-hosts.json"))
    try:
        target = find_target(options.address, options.port, options.room or LOBBY, options.nickname, hosts)
    except (ValueError, ProtocolError) as error:
        raise ConfigError(str(error)) from None
    if options.command == "tail":
        return exit_code(_tail(options, target))
    return exit_code(_send(options, target, _read_text() if options.text is None else options.text))


async def _send(options: argparse.Namespace, target: Target, text: str) -> None:
    stored = await send(target, text, ClientStore(joined_folder()), options.to or "")
    if options.json:
        print_line(codec.encode(stored).decode())


async def _tail(options: argparse.Namespace, target: Target) -> None:
    await tail(target, ClientStore(joined_folder()), as_json=options.json)


def _read_text() -> str:
    """What comes in on the standard input, unless somebody sits there. Raises ConfigError."""
    if sys.stdin is None or sys.stdin.isatty():
        raise ConfigError(_NOTHING_TO_SEND)
    text = sys.stdin.buffer.read(MESSAGE_BYTES + 1)
    if len(text) > MESSAGE_BYTES:
        raise ConfigError(f"What comes in is too long for a message, which has {CONTENT_CHARS} characters at most.")
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise ConfigError(_NOT_UTF8) from None
