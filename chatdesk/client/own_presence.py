"""How the person is shown to others: their nickname, whether they are there, and what they say about it."""

from collections.abc import Callable

from chatdesk.client.state import ChatState
from chatdesk.protocol import commands
from chatdesk.protocol.fields import Availability


class OwnPresence:
    """Tells the server, and tells it again after a lost connection. What it refuses comes as ``NoticeReceived``."""

    def __init__(self, state: ChatState, send: Callable[[commands.Command], None]) -> None:
        self._state = state
        self._send = send
        self.text = ""
        self._idle = False

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

    def resume(self) -> None:
        """The person is in the chat again."""
        status = self._state.own.availability
        if (status, self.text, self._idle) != ("online", "", False):
            self._tell(commands.SetStatus(status, self.text, self._idle))

    def _tell(self, command: commands.Command) -> None:
        if self._state.online:
            self._send(command)
