"""Exports the whole history of a room to a file, page by page.

ExportError
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from pathlib import Path

from chatdesk.client.history_reader import HistoryReader, RequestError
from chatdesk.export.atomic_file import WriteError, open_atomic
from chatdesk.export.formats import Format, open_writer
from chatdesk.export.metadata import ExportMetadata
from chatdesk.protocol.commands import History
from chatdesk.protocol.events import History as HistoryPage
from chatdesk.protocol.events import Message
from chatdesk.protocol.limits import HISTORY_PAGE

_PAUSE_SECONDS = 0.25
"""Between pages, once the server has said that requests come too fast: four a second are within its budget."""

Progress = Callable[[int, int], None]
"""Called with how many messages are written, and of how many."""


class ExportError(Exception):
    """No file was written; the text is a sentence that says why."""


async def export(reader: HistoryReader, path: Path, form: Format, metadata: ExportMetadata, progress: Progress) -> int:
    """Write all messages that the room holds now to ``path``, which is replaced, and return how many there are.

    A cancelled or failed export leaves nothing behind. Raises ExportError.
    """
    try:
        with ExitStack() as stack:
            writer = open_writer(form, stack.enter_context(open_atomic(path, replace=True)), metadata)
            done = 0
            async for messages, total in _pages(reader, metadata.rooms[0].name):
                for message in messages:
                    writer.write(message)
                done += len(messages)
                progress(done, max(total, done))
            writer.close()
            await asyncio.to_thread(stack.pop_all().close)  # fsync may take long
            return done
    except (RequestError, WriteError) as error:
        raise ExportError(str(error)) from None


async def _pages(reader: HistoryReader, room: str) -> AsyncIterator[tuple[list[Message], int]]:
    """Yield the messages that the room held at the beginning, page by page, with their total number."""
    first = page = await reader.fetch(History(room=room, after=0, limit=HISTORY_PAGE))
    total = first.last_seq - first.first_seq + 1
    while True:
        messages = [message for message in page.messages if message.seq <= first.last_seq]
        yield messages, total
        if not messages or messages[-1].seq >= first.last_seq:
            return
        await asyncio.sleep(_PAUSE_SECONDS if reader.rate_limited else 0)
        page = await _next(reader, room, messages[-1].seq, first.epoch)


async def _next(reader: HistoryReader, room: str, after: int, epoch: str) -> HistoryPage:
    page = await reader.fetch(History(room=room, after=after, limit=HISTORY_PAGE))
    if page.epoch != epoch:
        raise RequestError("The history was deleted meanwhile: export again what is left of it.")
    if page.messages and page.messages[0].seq <= after:
        raise RequestError("The host has sent the same messages twice: export again.")
    return page
