"""Writes JSON Lines: each message as it is sent over the wire, one per line, without any loss."""

from typing import BinaryIO

from chatdesk.protocol.codec import encode
from chatdesk.protocol.events import Message


class JsonLinesWriter:
    """Writes ``message`` events in UTF-8, each followed by a line feed, which encoded JSON does not contain."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, message: Message) -> None:
        """Write the next message."""
        self._file.write(encode(message) + b"\n")

    def close(self) -> None:
        """Nothing follows the last line."""
