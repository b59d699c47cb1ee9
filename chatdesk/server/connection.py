"""A WebSocket: frames in, limits, frames out. No task, queue or timer of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Protocol

from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from chatdesk.ip import end_address
from chatdesk.protocol.errors import CloseCode, ErrorCode, ProtocolError
from chatdesk.protocol.limits import MESSAGE_BYTES
from chatdesk.server.budget import Budget
from chatdesk.server.dispatch import Dispatcher
from chatdesk.server.framing import PING
from chatdesk.server.rate import Rate, TokenBucket
from chatdesk.server.session import Session
from chatdesk.server.shares import Hold, Intake
from chatdesk.server.stats import Traffic

WRITE_BUFFER_BYTES = 256 * 1024
"""What may wait for one reader in this process, on top of the system's own buffers."""
JOIN_SECONDS = 120
"""How long a stranger may stay without joining."""
_CLOSING_SECONDS = 2
_PAUSE_SECONDS = 0.25
_PAUSES = Rate(per_second=1, burst=180)
_BYTES_LIKE_A_FRAME = 1024
_FOR_GOOD = (CloseCode.LEFT, 1005)  # the second one stands for a close frame without a code

logger = logging.getLogger(__name__)
_silent = logging.getLogger(f"{__name__}.frames")
_silent.setLevel(logging.CRITICAL)


class Server(Protocol):
    """What a connection asks of the server."""

    dispatcher: Dispatcher
    traffic: Traffic
    buffer: bytearray
    loop: asyncio.AbstractEventLoop

    def new_frame_budget(self) -> TokenBucket: ...

    def left(self, connection: Connection) -> None: ...


class Connection(asyncio.BufferedProtocol):
    """One peer's socket.

    It reads as much as its ``Intake`` allows, and nothing from a peer that does not read what it is sent, or has a
    command waiting.
    """

    __slots__ = (
        "_alive",
        "_budget",
        "_closing_at",
        "_fragments",
        "_frames",
        "_intake",
        "_joined_by",
        "_pauses",
        "_protocol",
        "_server",
        "_transport",
        "_unread",
        "address",
        "local_address",
        "local_port",
        "owner",
        "session",
        "tokens",
        "writable",
    )

    def __init__(self, server: Server, intake: Intake, tokens: tuple[str, ...]) -> None:
        self._server = server
        self._intake = intake
        self._transport = transport = intake.transport
        self._unread = b""
        self._protocol = ServerProtocol(state=State.OPEN, max_size=MESSAGE_BYTES, logger=_silent)
        self._budget: Budget = server.dispatcher.new_budget()
        self._frames = server.new_frame_budget()
        self._fragments: bytearray | None = None
        self._alive = True
        self._pauses = TokenBucket(_PAUSES)
        self._joined_by = server.loop.time() + JOIN_SECONDS
        self._closing_at: float | None = None
        self.address: str | None = end_address(transport.get_extra_info("peername")) or None
        own = transport.get_extra_info("sockname")
        self.local_address: str | None = end_address(own) or None
        self.local_port: int = own[1] if self.local_address else 0
        self.owner = intake.owner
        self.tokens = tokens
        self.writable = True
        """Whether the peer keeps up with what it is sent."""
        self.session = Session(self)
        transport.set_write_buffer_limits(WRITE_BUFFER_BYTES)
        transport.set_protocol(self)
        intake.hand_on(self._work_off)

    # What the transport calls

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._server.buffer

    def buffer_updated(self, nbytes: int) -> None:
        self.receive(bytes(memoryview(self._server.buffer)[:nbytes]))

    def receive(self, data: bytes) -> None:
        """Take in what the peer has sent."""
        self._alive = True
        self._server.traffic.bytes_in += len(data)
        self._unread += data
        self._intake.took(len(data), whole_buffer=len(data) == len(self._server.buffer))

    def eof_received(self) -> bool:
        while self._work_off():
            pass  # a little that had to wait
        self._protocol.receive_eof()
        return False

    def pause_writing(self) -> None:
        self.writable = False
        self._intake.hold(Hold.DEAF)

    def resume_writing(self) -> None:
        self.writable = True
        self._alive = True
        self._intake.release(Hold.DEAF)
        if self.session.room:
            self.session.room.catch_up(self.session)

    def connection_lost(self, exc: Exception | None) -> None:
        self.writable = False
        self._closing_at = self._closing_at or 0.0
        self._intake.close()
        self._server.left(self)

    # What the session, the heartbeat and the server call

    def write(self, data: bytes) -> None:
        """Send whole frames; once the connection is closing, send nothing."""
        if data and self._closing_at is None:
            self._server.traffic.bytes_out += len(data)
            self._transport.write(data)

    def close(self, code: int, reason: str) -> None:
        """Say goodbye. The peer has two seconds to answer."""
        if self._closing_at is None:
            if self._protocol.state is State.OPEN:  # else its own goodbye has come with what is being answered
                self._protocol.send_close(code, reason)
            self._flush()

    def hold(self) -> None:
        """Read nothing more until ``release``: what the peer has said waits for its turn."""
        self._intake.hold(Hold.COMMAND)

    def release(self) -> None:
        """Read on."""
        if self._intake.held & Hold.COMMAND:
            self._alive = True
            self._intake.release(Hold.COMMAND)

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()

    def beat(self) -> None:
        """Ask for a sign of life; without one since the last time the peer is gone."""
        if self._intake.held & (Hold.COMMAND | Hold.TURN):
            return  # its signs are not read just now
        if not self._alive:
            self.abort()
            return
        self._alive = False
        if self.writable:
            self.write(PING)

    def expire(self, now: float) -> None:
        """End what has had its time: a farewell without answer, a stranger that never joins."""
        if self._closing_at is not None:
            if now > self._closing_at + _CLOSING_SECONDS:
                self.abort()
        elif self.session.person is None and now > self._joined_by:
            self.close(CloseCode.NEVER_JOINED, "no join came")

    @property
    def closing(self) -> bool:
        """Whether the farewell has begun."""
        return self._closing_at is not None

    @property
    def said_goodbye(self) -> bool:
        """Whether the peer has ended it, and not for now only: a page that is just loaded anew says 1001."""
        close = self._protocol.close_rcvd
        return close is not None and self._protocol.close_rcvd_then_sent is True and close.code in _FOR_GOOD

    def _flush(self) -> None:
        """Send what the protocol core has to say: pongs, closes, and an empty one for the end."""
        parts = self._protocol.data_to_send()
        if data := b"".join(parts):
            self._transport.write(data)
        if b"" in parts:
            self._hang_up()
        if self._closing_at is None and self._protocol.state is not State.OPEN:
            self._closing_at = self._server.loop.time()
            self.release()  # nothing has a turn any more, and the peer's answer is to be seen

    def _hang_up(self) -> None:
        """End our side; read on, dropping it, until the peer ends too, unless it has said goodbye already.

        To close at once, with something of the peer's still unread, would have the system throw away the goodbye.
        """
        if self._protocol.close_rcvd:
            self._transport.close()
        elif not self._transport.is_closing():
            with contextlib.suppress(OSError, RuntimeError):  # it may have gone already
                self._transport.write_eof()
            self._intake.release(Hold.DEAF)

    def _work_off(self) -> bool:
        """Take in a piece of what has come; whether there is more."""
        if not self._unread:
            return False
        size = self._intake.piece
        piece, self._unread = self._unread[:size], self._unread[size:]  # without a copy where all of it is a piece
        self._protocol.receive_data(piece)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._take(event)
        self._flush()
        return bool(self._unread)

    def _take(self, frame: Frame) -> None:
        if not self._frames.take(self._server.loop.time(), 1 + len(frame.data) / _BYTES_LIKE_A_FRAME):
            self._slow_down()
        if self._closing_at is not None:
            return
        if frame.opcode is Opcode.TEXT and frame.fin:
            self._dispatch(bytes(frame.data))
        elif frame.opcode in (Opcode.TEXT, Opcode.CONT):
            self._collect(frame)
        elif frame.opcode is Opcode.BINARY:
            self._refuse(ProtocolError(ErrorCode.BAD_MESSAGE, "Send text frames: this one is binary."))

    def _collect(self, frame: Frame) -> None:
        """Put a fragmented message together; the protocol core bounds its length and their order."""
        if frame.opcode is Opcode.TEXT:
            self._fragments = bytearray()
        if self._fragments is None:
            return  # the rest of a binary message, refused at its start
        self._fragments += frame.data
        if frame.fin:
            data, self._fragments = self._fragments, None
            self._dispatch(data)

    def _dispatch(self, data: bytes | bytearray) -> None:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._fail(CloseCode.NOT_UTF8, "not UTF-8")
        else:
            self._server.dispatcher.receive(self.session, self._budget, text)

    def _refuse(self, error: ProtocolError) -> None:
        self._server.dispatcher.refuse(self.session, self._budget, error)

    def _slow_down(self) -> None:
        """A flood: read nothing for a moment, and end it when it does not stop."""
        if self._intake.held & Hold.FLOOD or self._transport.is_closing():
            return
        if not self._pauses.take(self._server.loop.time()):
            self._fail(CloseCode.RULES_BROKEN, "too many frames")
        else:
            self._intake.hold(Hold.FLOOD)
            self._server.loop.call_later(_PAUSE_SECONDS, self._intake.release, Hold.FLOOD)

    def _fail(self, code: int, reason: str) -> None:
        """Close on a peer that does not keep to the rules; what it sends from here on is not looked at."""
        self._protocol.fail(code, reason)
        self._flush()
