"""Somebody who takes part in a chat from a terminal: where the chat is, under which name, and as whom."""

import contextlib
import getpass
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from chatdesk.client.address import parse_address
from chatdesk.client.changes import Change, Ended
from chatdesk.client.client import ChatClient
from chatdesk.client.known_hosts import KnownHosts
from chatdesk.client.saved_state import ClientStore, Credentials
from chatdesk.client.trust import address_of
from chatdesk.console import print_stderr
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.limits import NICKNAME_CHARS
from chatdesk.protocol.names import clean_nickname, clean_room

EXIT_REFUSED = 1
"""The host has refused the message."""
EXIT_NO_ANSWER = 3
"""The chat cannot be joined, or does not answer in time: the same may work later. (2 is a wrong option.)"""

_NO_NAME = "terminal"
"""The nickname where the system knows none of its user."""


class TerminalError(Exception):
    """It cannot be done; the text is a sentence that says what to do. ``exit_code`` is for scripts."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


async def exit_code(work: Coroutine[Any, Any, None]) -> int:
    """Do the work, and return the exit code of the program; what cannot be done is printed to stderr."""
    try:
        await work
    except TerminalError as error:
        print_stderr(str(error))
        return error.exit_code
    return 0


class Target(NamedTuple):
    """Where to take part: the URL of the chat's WebSocket, the room, and the nickname.

    ``named``: the address is one that somebody has given, and not that of this computer. ``authority``: the certificate
    of an encrypted chat that the window knows there; empty for any other. ``password``, ``room_password`` and
    ``sign_in`` (a token) are for a chat that asks for one; empty for none. That of the room is for where both have one.
    """

    url: str
    room: str
    nickname: str
    named: bool
    authority: bytes = b""
    password: str = ""
    room_password: str = ""
    sign_in: str = ""


def find_target(
    address: str | None, port: int, room: str, nickname: str | None, hosts: KnownHosts | None = None
) -> Target:
    """Check what was given; without ``address`` the chat is the one at ``port`` of this computer.

    Of the ``hosts`` that the person has compared in the window, one that is known at this address is joined over TLS,
    and no other there. Raises ValueError and ProtocolError with a sentence for what cannot be.
    """
    url = parse_address(address or f"127.0.0.1:{port}")
    known = hosts.at(address_of(url)) if hosts else None
    if known:
        url = url.replace("ws://", "wss://", 1)
    authority = known.authority if known else b""
    return Target(url, clean_room(room), clean_nickname(nickname or _own_name()), bool(address), authority)


class Participant:
    """A client under the identity that the window has at the same address under the same name, if there is one.

    So somebody is one person in both. ``on_changes`` is that of ``ChatClient``. Create it on a running loop.
    """

    def __init__(self, target: Target, store: ClientStore, on_changes: Callable[[list[Change]], None]) -> None:
        self._target = target
        self._store = store
        self._token = store.token_at(target.url, target.nickname)
        self.client = ChatClient(
            target.url,
            target.nickname,
            room=target.room,
            client="terminal",
            token=self._token,
            authority=target.authority,
            on_changes=on_changes,
        )
        sign_in = self.client.state.sign_in
        sign_in.token = self._sign_in = target.sign_in or store.sign_in_at(target.url, target.nickname)
        sign_in.password = target.password
        self._room_password = target.room_password
        self._joins_again = False

    async def run(self) -> None:
        """Take part until the client stops, or cannot join; see ``tries_again``."""
        await self.client.run()
        if self._joins_again:  # the chat knows by now that this person may come in
            await self.client.run()

    def tries_again(self, ended: Ended) -> bool:
        """Whether the chat has let the person in, and what is left is the password of the room, which they have."""
        sign_in, asks = self.client.state.sign_in, ended.password_needed and not ended.wrong
        if not (asks and self._room_password and sign_in.password):
            return False
        sign_in.password, self._room_password = self._room_password, ""
        self._joins_again = True
        return True

    def remember(self) -> None:
        """Keep a new identity for the next time, once the chat has given it one; without a disk it is another one."""
        state = self.client.state
        if self._token is None and state.welcome and state.token and state.welcome.server.id:
            server, self._token = state.welcome.server.id, state.token
            credentials = Credentials(self._target.url, server, state.home.name, state.token, state.nickname)
            with contextlib.suppress(OSError):
                self._store.room(credentials).save_credentials()

    def not_joined(self, ended: Ended) -> TerminalError:
        """The error for a chat that cannot be joined, or has ended, for this reason."""
        if ended.password_needed:
            advice = _PASSWORD
        elif ended.token_needed:
            advice = _TOKEN
            self._store.forget_sign_in(self._sign_in)
        else:
            advice = "" if self._target.named or self.client.state.welcome else _WHERE
        return TerminalError(f"{ended.sentence}{advice}", EXIT_NO_ANSWER)


_WHERE = " Name the chat's address with --address; chatdesk hosts lists the chats around."
_PASSWORD = " Name a file with it: --join-password-file FILE."  # noqa: S105
_TOKEN = " Name a file with it: --token-file FILE."  # noqa: S105


def _own_name() -> str:
    """The name that the user has on this computer, as far as it can be a nickname."""
    try:
        return clean_nickname(getpass.getuser()[:NICKNAME_CHARS])
    except (OSError, KeyError, ProtocolError):
        return _NO_NAME
