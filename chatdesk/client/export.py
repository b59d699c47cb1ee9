"""Takes the whole history of a room along, page by page, into a file.

ExportError
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from pathlib import Path

from chatdesk.client.history_requests import HistoryRequests, RequestError
from chatdesk.export.atomic_file import WriteError, open_atomic
from chatdesk.export.formats import Format, open_writer
from chatdesk.export.metadata import ExportMetadata
from chatdesk.protocol.commands import History
from chatdesk.protocol.events import History as HistoryPage
from chatdesk.protocol.events import Message
from chatdesk.protocol.limits import HISTORY_PAGE

_PAUSE_SECONDS = 0.25
"""Between pages of a server that has said that it answers only so many questions a second."""

Progress = Callable[[int, int], None]


class ExportError(Exception):
    """There is no file; the text is a sentence that says why."""


async def export(requests: HistoryRequests, path: Path, form: Format, about: ExportMetadata, progress: Progress) -> int:
    """Write all that the room holds now; the result is how many messages. An existing file is replaced.

    ``progress`` is told how many there are already, of how many. Cancelled or failed, it leaves nothing behind.
    Raises ExportError.
    """
    try:
        with ExitStack() as stack:
            writer = open_writer(form, stack.enter_context(open_atomic(path, replace=True)), about)
            done = 0
            async for messages, total in _pages(requests):
                for message in messages:
                    writer.write(message)
                done += len(messages)
                progress(done, max(total, done))
            writer.close()
            await asyncio.to_thread(stack.pop_all().close)  # a disk takes its time to have all of it
            return done
    except (RequestError, WriteError) as error:
        raise ExportError(str(error)) from None


async def _pages(requests: HistoryRequests) -> AsyncIterator[tuple[list[Message], int]]:
    """The messages that the room held at the beginning, and how many those were."""
    first = page = await requests.fetch(History(after=0, limit=HISTORY_PAGE))
    total = first.last_seq - first.first_seq + 1
    while True:
        messages = [message for message in page.messages if message.seq <= first.last_seq]
        yield messages, total
        if not messages or messages[-1].seq >= first.last_seq:
            return
        await asyncio.sleep(_PAUSE_SECONDS if requests.rate_limited else 0)
        page = await _next(requests, messages[-1].seq, first.epoch)


async def _next(requests: HistoryRequests, after: int, epoch: str) -> HistoryPage:
    page = await requests.fetch(History(after=after, limit=HISTORY_PAGE))
    if page.epoch != epoch:
        raise RequestError("The history was deleted meanwhile: what is left of it can be exported anew.")
    if page.messages and page.messages[0].seq <= after:
        raise RequestError("The host has sent the same messages twice: export again.")
    return page
