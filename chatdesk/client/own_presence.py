"""How the person is shown to others: their nickname, whether they are there, and what they say about it."""

import time
from collections.abc import Callable

from chatdesk.client.state import ChatState
from chatdesk.protocol import commands
from chatdesk.protocol.fields import Availability

_TYPING_EVERY_SECONDS = 3.0
"""Renewals of typing, which expires after five seconds at the others."""


class OwnPresence:
    """Tells the server, and tells it again after a lost connection. What it refuses comes as ``NoticeReceived``."""

    def __init__(self, state: ChatState, send: Callable[[commands.Command], None]) -> None:
        self._state = state
        self._send = send
        self.text = ""
        self._idle = False
        self.shows_typing = True
        """Whether others see that the person types."""
        self._typing_at: float | None = None
        self._typing_in = state.shown

    def rename(self, nickname: str) -> None:
        """Have another nickname from now on."""
        self._tell(commands.Nick(nickname))

    def set_status(self, status: Availability, text: str = "") -> None:
        """Be there, away or busy, and say this about it."""
        self._state.own.availability, self.text = status, text
        self._tell(commands.SetStatus(status, text))

    def set_idle(self, idle: bool) -> None:
        """The person has not used this device for a while, or does so again."""
        if idle != self._idle:
            self._idle = idle
            self._tell(commands.SetStatus(idle=idle))

    def set_typing(self, active: bool) -> None:
        """Tell the others whether the person is typing, no more often than needed."""
        now, shown = time.monotonic(), self._state.shown
        if self._typing_in is not shown:
            self._typing_at, self._typing_in = None, shown
        active = active and self.shows_typing
        if active and self._typing_at is not None and now - self._typing_at < _TYPING_EVERY_SECONDS:
            return
        if active or self._typing_at is not None:
            self._typing_at = now if active else None
            if shown.stage == "inside":
                self._send(commands.Typing(active, shown.name))

    def said(self) -> None:
        """The person has said something: with it, their typing has ended at the others, too."""
        self._typing_at = None

    def resume(self) -> None:
        """The person is in the chat again."""
        status = self._state.own.availability
        if (status, self.text, self._idle) != ("online", "", False):
            self._tell(commands.SetStatus(status, self.text, self._idle))

    def _tell(self, command: commands.Command) -> None:
        if self._state.online:
            self._send(command)
