"""Which formats there are, and the writer of each."""

from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO, Protocol

from chatdesk.export.csv import CsvWriter
from chatdesk.export.html import HtmlWriter
from chatdesk.export.json_lines import JsonLinesWriter
from chatdesk.export.metadata import ExportMetadata
from chatdesk.protocol.events import Message


class Format(StrEnum):
    """What a file can be; each is also the ending of its name."""

    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"


class ExportWriter(Protocol):
    """Writes messages, in the order in which they come, as they come."""

    def write(self, message: Message) -> None:
        """Write the next message."""

    def close(self) -> None:
        """Write what stands behind the last message; the file stays open."""


def format_of(path: PurePath) -> Format | None:
    """The format that the ending of a file's name stands for; None where it stands for none."""
    ending = path.suffix.lower().removeprefix(".")
    return {**Format.__members__, "HTM": Format.HTML}.get(ending.upper())


def open_writer(form: Format, file: BinaryIO, about: ExportMetadata) -> ExportWriter:
    """A writer into this file, which has written its head already."""
    match form:
        case Format.JSONL:
            return JsonLinesWriter(file)
        case Format.CSV:
            return CsvWriter(file)
        case Format.HTML:
            return HtmlWriter(file, about)
