"""Runs ``chatdesk send``, ``chatdesk tail`` and ``chatdesk stats``."""

import argparse
import sys
from collections.abc import Coroutine
from pathlib import Path
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
from chatdesk.terminal.watch import watch

_NOTHING_TO_SEND = 'Say what to send, as in: chatdesk send "Tea is ready".'
_SECRET_BYTES = 16 * 1024
"""More than a token or a password has; a larger file is another one."""
_NOT_UTF8 = "What comes in is no text in UTF-8: it cannot be sent."


def prepare(options: argparse.Namespace) -> Coroutine[Any, Any, int]:
    """Check the options, and read what is to be sent; return what does the work, and returns the exit code.

    Raises ConfigError.
    """
    hosts = KnownHosts(joined_folder().with_name("known-hosts.json"))
    try:
        target = find_target(options.address, options.port, options.room or LOBBY, options.nickname, hosts)
        passwords, tokens = _lines(options.join_password_file), _lines(options.token_file)
        target = target._replace(password=passwords[0], room_password=passwords[1], sign_in=tokens[0])
    except (ValueError, ProtocolError) as error:
        raise ConfigError(str(error)) from None
    if options.command == "stats":
        return exit_code(watch(target, as_json=options.json))
    if options.command == "tail":
        return exit_code(_tail(options, target))
    return exit_code(_send(options, target, _read_text() if options.text is None else options.text))


def _lines(file: Path | None) -> tuple[str, str]:
    """What a file says on its first two lines; empty if none is named. Raises ConfigError."""
    if file is None:
        return "", ""
    try:
        with file.open("rb") as opened:
            lines = opened.read(_SECRET_BYTES).decode("utf-8-sig").splitlines()
    except OSError as error:
        raise ConfigError(f"The file {file} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"The file {file} is no text in UTF-8: it has no password or token.") from None
    if not lines or not lines[0].strip():
        raise ConfigError(f"The first line of {file} is empty: write the password or token there.")
    return lines[0].strip(), lines[1].strip() if len(lines) > 1 else ""


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
