"""The export formats and their writers."""

from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO, Protocol

from chatdesk.export.csv import CsvWriter
from chatdesk.export.html import HtmlWriter
from chatdesk.export.json_lines import JsonLinesWriter
from chatdesk.export.metadata import ExportMetadata
from chatdesk.protocol.events import Message


class Format(StrEnum):
    """A format; its value is also the extension of the file."""

    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"


class ExportWriter(Protocol):
    """Writes messages to a file, each at once."""

    def write(self, message: Message) -> None:
        """Write the next message."""

    def close(self) -> None:
        """Write what follows the last message; the file stays open."""


def format_of(path: PurePath) -> Format | None:
    """Return the format that a file's extension names; None if it names none."""
    ending = path.suffix.lower().removeprefix(".")
    return {**Format.__members__, "HTM": Format.HTML}.get(ending.upper())


def open_writer(export_format: Format, file: BinaryIO, metadata: ExportMetadata) -> ExportWriter:
    """Return a writer to this file, which has written the head of the format already."""
    match export_format:
        case Format.JSONL:
            return JsonLinesWriter(file, metadata)
        case Format.CSV:
            return CsvWriter(file)
        case Format.HTML:
            return HtmlWriter(file, metadata)
