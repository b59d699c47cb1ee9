"""A WebSocket: frames in, limits, frames out. It has no task, queue or timer of its own."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Protocol

from websockets.frames import Frame, Opcode
from websockets.protocol import State

from chatdesk.ip import endpoint_address
from chatdesk.protocol.errors import CloseCode
from chatdesk.server.dispatch import Dispatcher
from chatdesk.server.frames import PING
from chatdesk.server.joined_writes import JoinedWrites
from chatdesk.server.rate_limits import Rate, TokenBucket
from chatdesk.server.recognition import TOKEN_NEEDED
from chatdesk.server.scheduled_reader import PauseReason, ScheduledReader
from chatdesk.server.session import Session
from chatdesk.server.stats import Hits, Traffic
from chatdesk.server.websocket_core import WebSocketCore

WRITE_BUFFER_BYTES = 256 * 1024
"""Bytes that may wait for one reader in this process, besides the system's buffers: a few pages of history. With twice
that, a thousand slow readers would take half a gigabyte."""
JOIN_SECONDS = 120
"""How long a peer may stay without joining: a person may have to type a name first."""
TOKEN_SECONDS = 10
"""How long in a chat that asks for a token, if the handshake has brought none: it is the client that has it."""
_CLOSING_SECONDS = 2
"""How long a peer may take to answer a close frame; the server's end waits half a second longer."""
_PAUSE_SECONDS = 0.25
"""How long nothing is read from a flood: four bursts a second are all that it gets."""
_PAUSE_RATE = Rate(per_second=1, burst=180)
"""A flood that goes on for about a minute is closed; one now and then, such as a paste, is forgiven."""
_BYTES_PER_FRAME = 1024
"""A frame of this size counts as two: long frames cost more to process."""
_PIECE_SECONDS = 0.0003
"""After this, others are looked at before the next frame of a piece."""
_FINAL_CODES = (CloseCode.LEFT, 1005)  # 1005: a close frame without a code
_COUNTED_ENDS: dict[int, str] = {CloseCode.RULES_BROKEN: "rules_broken", CloseCode.NEVER_JOINED: "never_joined"}
"""Under which name the ends of connections are counted in ``/stats``."""


class ConnectionHost(Protocol):
    """What a connection needs from the server."""

    dispatcher: Dispatcher
    traffic: Traffic
    buffer: bytearray
    loop: asyncio.AbstractEventLoop

    @property
    def token_required(self) -> bool:
        """Whether a peer that has proved nothing at the handshake has to bring a token."""

    def new_frame_limit(self) -> TokenBucket: ...

    def websocket_closed(self, connection: Connection) -> None: ...


class Connection(asyncio.BufferedProtocol):
    """One peer's socket.

    It reads as much as its ``ScheduledReader`` allows, and nothing from a peer that does not read what it is sent, or
    has a command waiting.
    """

    __slots__ = (
        "_closing_since",
        "_fragments",
        "_frame_limit",
        "_frames",
        "_host",
        "_joined",
        "_pause_limit",
        "_protocol",
        "_reader",
        "_transport",
        "_unread",
        "address",
        "cookie_tokens",
        "local_address",
        "local_port",
        "network",
        "opened_at",
        "session",
        "writable",
    )

    def __init__(self, host: ConnectionHost, reader: ScheduledReader, cookie_tokens: tuple[str, ...]) -> None:
        self._host = host
        self._reader = reader
        self._transport = transport = reader.transport
        self._unread = b""
        self._frames: list[Frame] = []
        """What was received in the last piece and is still to be processed, the first one last."""
        self._joined: JoinedWrites | None = None
        """Writes at the end of each turn of the loop; None if everything is written at once."""
        self._protocol = WebSocketCore()
        self._frame_limit = host.new_frame_limit()
        self._fragments: bytearray | None = None
        self._pause_limit = TokenBucket(_PAUSE_RATE)
        self.opened_at = host.loop.time()
        self._closing_since: float | None = None
        proxied = reader.address is not None or transport.get_extra_info("proxied")
        self.address: str | None = reader.address or endpoint_address(transport.get_extra_info("peername")) or None
        own = transport.get_extra_info("sockname")
        self.local_address: str | None = (not proxied and endpoint_address(own)) or None
        self.local_port: int = own[1] if self.local_address else 0
        self.network = reader.network
        self.cookie_tokens = cookie_tokens
        self.writable = True
        """Whether the peer keeps up with what it is sent; if not, it is a slow reader."""
        self.session = Session(self)
        transport.set_write_buffer_limits(WRITE_BUFFER_BYTES)
        transport.set_protocol(self)
        reader.set_process(self._process_piece)

    # What the transport calls

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._host.buffer

    def buffer_updated(self, nbytes: int) -> None:
        self.receive(bytes(memoryview(self._host.buffer)[:nbytes]))

    def receive(self, data: bytes) -> None:
        """Process bytes from the peer, now or when the scheduler permits."""
        self._host.traffic.bytes_in += len(data)
        self._unread += data
        self._reader.bytes_read(len(data), whole_buffer=len(data) == len(self._host.buffer))

    def eof_received(self) -> bool:
        while self._process_piece():
            pass  # what still waits is processed before the end
        self._protocol.receive_eof()
        return False

    def pause_writing(self) -> None:
        self.writable = False
        self._reader.pause(PauseReason.SLOW_READER)

    def resume_writing(self) -> None:
        self.writable = True
        self._reader.resume(PauseReason.SLOW_READER)
        self.session.catch_up()

    def connection_lost(self, exc: Exception | None) -> None:
        self.writable = False
        self._closing_since = self._closing_since or 0.0
        self._reader.close()
        # Tasks that end later may hold this object for a while, but not what is long.
        self._unread, self._frames, self._fragments, self._joined = b"", [], None, None
        self._protocol.release()
        self._host.websocket_closed(self)
        del self.session  # the two hold each other, and would stay until garbage is collected, minutes later

    # What the session, the heartbeat and the server call

    def write(self, data: bytes) -> None:
        """Send whole frames. Does nothing once the connection is closing."""
        if data and self._closing_since is None:
            self._host.traffic.bytes_out += len(data)
            if self._joined is None:
                self._transport.write(data)
            else:
                self._joined.add(data)

    def join_writes(self, joined: bool) -> None:
        """From now on, join what is written within a turn of the loop; or write everything at once."""
        if self._joined and not joined:
            self._joined.flush()
            self._joined = None
        elif joined and not self._joined:
            self._joined = JoinedWrites(self._host.loop, self._transport)

    def close(self, code: int, reason: str) -> None:
        """Send a close frame. The peer has two seconds to answer it."""
        if self._closing_since is None:
            self._count_end(code)
            if self._protocol.state is State.OPEN:  # else the peer's own close frame came with what is being answered
                self._protocol.send_close(code, reason)
            self._send_pending()

    @property
    def scheduled(self) -> bool:
        """Whether it has used more than its share of time, and waits for its turn."""
        return self._reader.scheduled

    def charge(self, seconds: float) -> None:
        """It pays for so much time of the loop."""
        self._reader.charge(seconds)

    def pause_reading(self) -> None:
        """Stop reading until ``resume_reading``: a command waits for the log."""
        self._reader.pause(PauseReason.COMMAND)

    def resume_reading(self) -> None:
        """Read again, unless something else pauses reading."""
        self._reader.resume(PauseReason.COMMAND)

    def abort(self) -> None:
        """Close at once, without a close frame."""
        self._transport.abort()

    def ping(self) -> None:
        """Send a ping. A peer that has sent nothing since the last one is gone."""
        if self._reader.held_back:
            return
        if not self._reader.heard_from:
            self.hits["silent"] += 1
            self.abort()
            return
        self._reader.heard_from = False
        if self.writable:
            self.write(PING)

    def check_deadlines(self, now: float) -> None:
        """Close a peer that is late with its answer to a close frame or its join, or whose sign-in has expired.

        ``now`` is the loop's time.
        """
        if self._closing_since is not None:
            if now > self._closing_since + _CLOSING_SECONDS:
                self.abort()
        elif self.session.person is None:
            self._check_join_deadline(now)
        elif self.session.principal and self.session.principal.expired:
            self.session.close_expired()

    def _waits(self) -> bool:
        """Whether a person decides, who takes their time, whether the peer may join."""
        return self._host.dispatcher.gate.waits_outside(self.session)

    def _check_join_deadline(self, now: float) -> None:
        """Close a peer that has not joined in time, unless its join may have come and waits for its turn, or for a
        person, who takes their time."""
        if self._reader.was_held_back() or self._waits():
            return
        if self._host.token_required and self.session.signed_in is None and now > self.opened_at + TOKEN_SECONDS:
            self.session.close_unauthorized(TOKEN_NEEDED)
        elif now > self.opened_at + JOIN_SECONDS:
            self.close(CloseCode.NEVER_JOINED, "no join came")

    @property
    def hits(self) -> Hits:
        """See ``SessionConnection``."""
        return self._host.traffic.hits

    @property
    def closing(self) -> bool:
        """Whether a close frame was sent or received, or the connection is lost."""
        return self._closing_since is not None

    @property
    def joined(self) -> bool:
        """Whether the peer has joined, or waits until somebody lets it in."""
        return self.session.person is not None or self._waits()

    @property
    def left_for_good(self) -> bool:
        """Whether the peer closed the connection and will not return: a page that is reloaded closes with 1001."""
        close = self._protocol.close_rcvd
        return close is not None and self._protocol.close_rcvd_then_sent is True and close.code in _FINAL_CODES

    def _send_pending(self) -> None:
        """Send what the websockets core has to send: pongs, close frames, and an empty part for the end of data."""
        parts = self._protocol.data_to_send()
        if data := b"".join(parts):
            if self._joined:
                self._joined.flush()
            self._transport.write(data)
        if b"" in parts:
            self._half_close()
        if self._closing_since is None and self._protocol.state is not State.OPEN:
            self._closing_since = self._host.loop.time()
            self.resume_reading()  # queued commands are dropped, and the peer's close frame has to be read

    def _half_close(self) -> None:
        """End our side, and read until the peer ends its side, unless its close frame has come already.

        If the socket were closed while data of the peer is unread, the system would drop our close frame.
        """
        if self._protocol.close_rcvd:
            self._transport.close()
        elif not self._transport.is_closing():
            with contextlib.suppress(OSError, RuntimeError):  # it may have gone already
                self._transport.write_eof()
            self._reader.resume(PauseReason.SLOW_READER)

    def _process_piece(self) -> bool:
        """Process a piece of the received bytes, or go on with the last one. Returns whether there is more to do.

        One command may take a millisecond, and a piece can hold a dozen of them.
        """
        if not self._frames and not self._parse_piece():
            return False
        clock = self._reader.work_clock
        end = clock() + _PIECE_SECONDS
        while self._frames:
            self._on_frame(self._frames.pop())
            if clock() > end:
                break
        if not self._frames:
            self._send_pending()  # a close frame is answered after what came before it
        return bool(self._frames or self._unread)

    def _parse_piece(self) -> bool:
        """Take the frames out of the next bytes. Returns whether there were any bytes."""
        if not self._unread:
            return False
        size = self._reader.chunk_bytes
        piece, self._unread = self._unread[:size], self._unread[size:]  # without a copy where all of it is a piece
        self._protocol.receive_data(piece)
        if self._protocol.state is State.OPEN:
            self._send_pending()  # pongs, before the answers to what came with the pings
        self._frames = [event for event in reversed(self._protocol.events_received()) if isinstance(event, Frame)]
        return True

    def _on_frame(self, frame: Frame) -> None:
        data, frame.data = frame.data, b""  # the core's parser holds the frame until the next one comes
        if not self._frame_limit.acquire(self._host.loop.time(), 1 + len(data) / _BYTES_PER_FRAME):
            self._pause_flood()
        if self._closing_since is not None:
            return
        if frame.opcode is Opcode.TEXT and frame.fin:
            self._dispatch(bytes(data))
        elif frame.opcode in (Opcode.TEXT, Opcode.CONT):
            self._on_fragment(frame, data)
        elif frame.opcode is Opcode.BINARY:
            self._host.dispatcher.receive_binary(self.session, data)

    def _on_fragment(self, frame: Frame, data: bytes | bytearray | memoryview) -> None:
        """Join the fragments of a message; the websockets core checks their order and total length."""
        if frame.opcode is Opcode.TEXT:
            self._fragments = bytearray()
        if self._fragments is None:
            return  # the rest of a binary message, which was refused at its first frame
        self._fragments += data
        if frame.fin:
            message, self._fragments = self._fragments, None
            self._dispatch(message)

    def _dispatch(self, data: bytes | bytearray) -> None:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._fail(CloseCode.NOT_UTF8, "not UTF-8")
        else:
            self._host.dispatcher.receive(self.session, text)

    def _pause_flood(self) -> None:
        """The peer sends too many frames: stop reading for a moment, and close if it does not stop."""
        if self._reader.paused_for & PauseReason.FLOOD or self._transport.is_closing():
            return
        self.hits["frames"] += 1
        if not self._pause_limit.acquire(self._host.loop.time()):
            self._fail(CloseCode.RULES_BROKEN, "too many frames")
        else:
            self._reader.pause(PauseReason.FLOOD)
            self._host.loop.call_later(_PAUSE_SECONDS, self._reader.resume, PauseReason.FLOOD)

    def _fail(self, code: int, reason: str) -> None:
        """Close the connection of a peer that breaks the protocol; what it sends from here on is dropped."""
        self._count_end(code)
        self._protocol.fail(code, reason)
        self._send_pending()

    def _count_end(self, code: int) -> None:
        if name := _COUNTED_ENDS.get(code):
            self.hits[name] += 1
