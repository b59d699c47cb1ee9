"""Keeping order: what the person is and may do, what they do to others, and whether they have been sent out."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from chatdesk.client.changes import Change, OrderChanged
from chatdesk.client.pace import Pace
from chatdesk.client.room_list import MAX_ROOMS
from chatdesk.client.state import ChatState
from chatdesk.protocol import events, order_events
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.order_commands import OrderCommand
from chatdesk.protocol.pace_commands import PaceCommand

Answer = order_events.Done | order_events.Neighbours | order_events.Bans | order_events.Audit
Reply = Callable[[Answer | str], None]
"""Gets the host's answer, or a sentence that says why there is none."""

_KEPT_OUT = (ErrorCode.REMOVED, ErrorCode.BANNED)
_LOST = "The connection is lost: try again when it is back."


class Order:
    """What of it concerns one client. ``end`` closes the connection for good, and says why."""

    def __init__(
        self,
        state: ChatState,
        send: Callable[[OrderCommand | PaceCommand], object],
        end: Callable[[str], None],
        publish: Callable[[list[Change]], None],
    ) -> None:
        self._state = state
        self._send = send
        self._end = end
        self._publish = publish
        self._standings: dict[str, order_events.Standing] = {}
        self._open: dict[str, Reply] = {}
        self.kept_out: events.Error | None = None
        """Why the person may not be here: by whom, why, and until when."""
        self.pace = Pace(state, self.may, send, publish)

    def standing(self, room: str) -> order_events.Standing:
        """What the person is in a room."""
        return self._standings.get(room) or order_events.Standing(room)

    def may(self, room: str, right: str) -> bool:
        """Whether the person may do in a room what this word says, such as ``ban``."""
        return right in self.standing(room).rights

    def ask(self, command: OrderCommand, reply: Reply) -> None:
        """Do something to somebody, or ask about them."""
        if not self._state.online:
            reply(_LOST)
            return
        ref = secrets.token_hex(8)
        self._open[ref] = reply
        self._send(_with_id(command, ref))

    def receive(self, event: events.Event) -> bool:
        """Take note of an event. Returns whether it is of this, and means nothing to anybody else."""
        if self.pace.receive(event):
            return True
        match event:
            case order_events.Standing():
                self._standings.pop(event.room, None)
                self._standings[event.room] = event
                if len(self._standings) > MAX_ROOMS:
                    del self._standings[next(iter(self._standings))]
                self._publish([OrderChanged()])
                return True
            case events.Error(code=code, room="") if code in _KEPT_OUT:
                self.kept_out = event
                self._publish([OrderChanged()])
                if not self._state.online:
                    return False  # it refuses the join
                self._end(event.content)
                return True
            case events.Error() | order_events.Done() | order_events.Neighbours():
                return self._answered(event)
            case order_events.Bans() | order_events.Audit():
                return self._answered(event)
            case order_events.OrderKept():
                self._publish([OrderChanged()])
                return True
        return False

    def disconnected(self) -> None:
        """The connection is lost, and with it what the host has not answered."""
        self._standings.clear()
        self.pace.disconnected()
        replies, self._open = list(self._open.values()), {}
        for reply in replies:
            reply(_LOST)

    def _answered(self, event: Answer | events.Error) -> bool:
        reply = self._open.pop(event.ref or "", None)
        if reply:
            reply(event.content if isinstance(event, events.Error) else event)
        return reply is not None or not isinstance(event, events.Error)


def _with_id(command: OrderCommand, ref: str) -> Any:
    return replace(command, id=ref)
