"""One HTML file with everything in it: it opens offline in any browser, and runs nothing."""

from typing import BinaryIO

from chatdesk.export.about import About
from chatdesk.protocol.events import Message


class Page:
    """Writes the conversation as ChatDesk shows it."""

    def __init__(self, file: BinaryIO, about: About) -> None:
        self._file = file
        self._about = about

    def write(self, message: Message) -> None:
        """Write a message."""

    def close(self) -> None:
        """Write how many there were."""
