"""A chat of this machine, as ``chatdesk people``, ``invite`` and ``room`` join it: as its host, while it is open.

They join under the host's name, so that nobody sees another person come; where nobody hosts in a window, unseen. The
host's token is made from the key in the chat's folder, and is shown to nobody but the program at the port that proves
to know it. Where the chat is encrypted, the authority in its folder is the only one that is trusted.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

from chatdesk.certificates.kept import AUTHORITY_FILE, kept_certificate
from chatdesk.client.address import parse_address
from chatdesk.client.changes import Change, Ended, NoticeReceived, StatusChanged
from chatdesk.client.client import ChatClient
from chatdesk.config import ConfigError
from chatdesk.discovery.addresses import loopback_address, shown_address, web_url, with_port
from chatdesk.host_proof import SILENT, require_proof
from chatdesk.log.database import FILE, connect_for_reading
from chatdesk.paths import chat_folder
from chatdesk.server.identity import HOST, OPERATOR, Identities
from chatdesk.terminal.participant import EXIT_NO_ANSWER, EXIT_REFUSED, TerminalError

_ANSWER_SECONDS = 15.0
_STATUS_SECONDS = 5.0
_NO_CHAT = "There is no chat in {}: name it with --name as it is hosted, or its folder with --data-dir."


class OwnChat(NamedTuple):
    """Where the chat is, and what opens it, also while it is full.

    ``authority`` is its certificate in DER, empty for a chat without one.
    ``page_url`` is the address that others open: the public one, or that of this computer.
    """

    url: str
    port: int
    token: str
    place_token: Callable[[], str]
    nickname: str
    authority: bytes
    page_url: str


def find_own_chat(options: argparse.Namespace) -> OwnChat:
    """The chat of these options: ``name`` or ``data_dir``, ``bind`` and ``port``. Raises ConfigError."""
    folder: Path = options.data_dir or chat_folder(options.name)
    identities, address = Identities(_secret(folder)), loopback_address(options.bind)
    try:
        url = parse_address(with_port(address, options.port))
    except ValueError as error:
        raise ConfigError(str(error)) from None
    about = _about(address, options.port)
    authority = _authority(folder) if about.get("key") else b""
    if authority:
        url = url.replace("ws://", "wss://", 1)
    encrypted = bool(authority) or options.tls or options.tls_cert is not None
    public = options.public_url or about.get("url")
    page_url = str(public or web_url(shown_address(options.bind), options.port, encrypted=encrypted))
    token, place_token = identities.token(HOST), identities.place_token
    return OwnChat(url, options.port, token, place_token, str(about.get("host") or OPERATOR), authority, page_url)


class HostSession:
    """The host's client in the chat. What the chat refuses, or that it ends, is raised by ``until``."""

    def __init__(self, chat: OwnChat) -> None:
        self._changed = asyncio.Event()
        self._refusals: list[TerminalError] = []
        self.client = ChatClient(
            chat.url,
            chat.nickname,
            client="terminal",
            token=chat.token,
            authority=chat.authority,
            place_token=chat.place_token,
            on_changes=self._hear,
        )

    async def until(self, done: Callable[[], bool]) -> None:
        """Wait until this is so. Raises TerminalError for what is refused meanwhile."""
        while not (self._refusals or done()):
            self._changed.clear()
            await self._changed.wait()
        if self._refusals:
            raise self._refusals[0]

    def _hear(self, changes: list[Change]) -> None:
        for change in changes:
            match change:
                case StatusChanged(Ended(sentence)):
                    self._refusals.append(TerminalError(sentence, EXIT_NO_ANSWER))
                case NoticeReceived(sentence, ""):
                    self._refusals.append(TerminalError(sentence, EXIT_REFUSED))
        self._changed.set()


@asynccontextmanager
async def joined_as_host(chat: OwnChat) -> AsyncIterator[HostSession]:
    """Be in the chat while the context lasts, 15 seconds at most. Raises TerminalError."""
    await require_proof(chat.url, chat.token, chat.port, chat.authority, chat.place_token)
    session = HostSession(chat)
    running = asyncio.create_task(session.client.run())
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await session.until(lambda: session.client.state.online)
            yield session
    except TimeoutError:
        raise TerminalError(SILENT, EXIT_NO_ANSWER) from None
    finally:
        session.client.stop()
        await running


def _secret(folder: Path) -> bytes:
    """What the chat in this folder makes tokens with. Raises ConfigError."""
    if not (folder / FILE).is_file():
        raise ConfigError(_NO_CHAT.format(folder))
    try:
        with closing(connect_for_reading(folder)) as db:
            secret: bytes
            ((secret,),) = db.execute("SELECT value FROM about WHERE name = 'secret'")
    except (sqlite3.Error, ValueError):
        raise ConfigError(f"The history in {folder} cannot be read: start ChatDesk there to have it mended.") from None
    return secret


def _about(address: str, port: int) -> dict[str, Any]:
    """What the chat says of itself; empty if it says nothing."""
    with suppress(OSError, ValueError, RecursionError, http.client.HTTPException):
        connection = http.client.HTTPConnection(address, port, timeout=_STATUS_SECONDS)
        with closing(connection):
            connection.request("GET", "/about")
            about = json.loads(connection.getresponse().read())
            return about if isinstance(about, dict) else {}
    return {}


def _authority(folder: Path) -> bytes:
    """The certificate of the chat's own authority in DER; empty if there is none. Raises ConfigError."""
    try:
        return kept_certificate(folder)
    except (OSError, ValueError):
        file = folder / AUTHORITY_FILE
        raise ConfigError(f"The certificate of the chat in {file} cannot be read: see who may read it.") from None
