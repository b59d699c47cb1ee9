"""JSON Lines: each message as the wire has it, one a line. Nothing is lost."""

from typing import BinaryIO

from chatdesk.protocol.codec import encode
from chatdesk.protocol.events import Message


class JsonLinesWriter:
    """Writes ``message`` events in UTF-8, each ended by a line feed: JSON itself holds none."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, message: Message) -> None:
        """Write a line."""
        self._file.write(encode(message) + b"\n")

    def close(self) -> None:
        """Nothing stands behind the last line."""
