"""The websockets core, as strict as RFC 6455 wants it.

Text that is not UTF-8 ends the connection at its first wrong byte (section 8.1), not only when the message is whole. A
close frame between the fragments of a message is answered (section 5.4), and the message is dropped.
"""

from __future__ import annotations

import codecs
import logging
from collections.abc import Generator

from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.streams import StreamReader
from websockets.utils import apply_mask

from chatdesk.protocol.errors import CloseCode
from chatdesk.protocol.limits import MESSAGE_BYTES

_silent = logging.getLogger(f"{__name__}.frames")
_silent.setLevel(logging.CRITICAL)
_new_decoder = codecs.getincrementaldecoder("utf-8")


class WebSocketCore(ServerProtocol):
    """An open connection without input and output."""

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = None
        """Has decoded what is here of a text message in several parts."""
        self._checked = 0
        """How many bytes of the present frame it has decoded."""
        super().__init__(state=State.OPEN, max_size=MESSAGE_BYTES, logger=_silent)

    def parse(self) -> Generator[None]:
        self.reader = _FrameReader()
        return super().parse()

    def receive_data(self, data: bytes | bytearray) -> None:
        super().receive_data(data)
        reader = self.reader
        if reader.buffer and isinstance(reader, _FrameReader) and reader.mask and self.state is State.OPEN:
            self._check_part(reader)

    def recv_frame(self, frame: Frame) -> None:
        """Take a whole frame; the core calls it. Raises UnicodeDecodeError for text that is not UTF-8."""
        if frame.opcode is Opcode.CLOSE:
            self.current_size = None  # of the message that will not be completed
        elif frame.opcode is Opcode.TEXT and not frame.fin and self._decoder is None and self.current_size is None:
            self._decoder = _new_decoder()
        if self._decoder and frame.opcode in (Opcode.TEXT, Opcode.CONT):
            self._decoder.decode(bytes(frame.data[self._checked :]), frame.fin)
            self._checked = 0
            if frame.fin:
                self._decoder = None
        super().recv_frame(frame)

    def release(self) -> None:
        """The connection is lost: the rest of its last frame will not come.

        The parser and what has ended it hold this object, and would stay until garbage is collected, minutes later.
        """
        self.reader.discard()
        self.parser.close()
        if self.parser_exc:
            self.parser_exc.__traceback__ = None

    def _check_part(self, reader: _FrameReader) -> None:
        """Check the part of a text frame that is here."""
        opcode = reader.head[0] & 0x0F
        if opcode == Opcode.TEXT and self._decoder is None:
            self._decoder = _new_decoder()
        if opcode not in (Opcode.TEXT, Opcode.CONT) or self._decoder is None:
            return
        start = self._checked & ~3  # where the mask begins again
        part = apply_mask(bytes(reader.buffer[start:]), reader.mask)[self._checked - start :]
        self._checked += len(part)
        try:
            self._decoder.decode(part)
        except UnicodeDecodeError:
            self.fail(CloseCode.NOT_UTF8, "not UTF-8")


class _FrameReader(StreamReader):
    """Knows the first two bytes and the mask of the frame whose payload is awaited; empty in between."""

    def __init__(self) -> None:
        super().__init__()
        self.head = b""
        self.mask = b""

    def read_exact(self, n: int) -> Generator[None, None, bytearray]:
        data = yield from super().read_exact(n)
        if self.mask:
            self.head = self.mask = b""
        elif not self.head:
            self.head = bytes(data)
        elif n == 4:  # else it is a length
            self.mask = bytes(data)
        return data
