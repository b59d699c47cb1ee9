"""Writes JSON Lines: a line about the file, one for each room, then each message as it is sent over the wire.

``chatdesk import`` reads it back without any loss.
"""

from typing import BinaryIO

from msgspec import Struct
from msgspec.json import Encoder
from msgspec.structs import replace

from chatdesk.export.metadata import ExportedRoom, ExportMetadata
from chatdesk.protocol.codec import encode
from chatdesk.protocol.events import Message

VERSION = 1
"""Raised when a line means something else than before; new fields and lines alone do not."""


class FileLine(Struct, tag="chatdesk", frozen=True):
    """The first line: what the file is, of which chat, and when it was written."""

    version: int
    name: str = ""
    exported_at: str = ""


class RoomLine(Struct, tag="room", frozen=True, omit_defaults=True):
    """A room of which messages follow."""

    room: str
    topic: str = ""
    archived: bool = False
    closed: bool = False


class JsonLinesWriter:
    """Writes lines in UTF-8, each followed by a line feed, which encoded JSON does not contain."""

    def __init__(self, file: BinaryIO, metadata: ExportMetadata) -> None:
        self._file = file
        self._encoder = Encoder()
        self._write(FileLine(VERSION, metadata.name, metadata.exported_at.isoformat(timespec="seconds")))
        for room in metadata.rooms or (ExportedRoom(metadata.room),):
            self._write(RoomLine(room.name, room.topic, room.archived, room.closed))

    def write(self, message: Message) -> None:
        """Write the next message: what it says, not the tree that a host has made of it."""
        self._file.write(encode(replace(message, body=None)) + b"\n")

    def close(self) -> None:
        """Nothing follows the last line."""

    def _write(self, line: FileLine | RoomLine) -> None:
        self._file.write(self._encoder.encode(line) + b"\n")
