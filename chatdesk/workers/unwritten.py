"""What a worker has told of before it has it in its file: written with many others, and before anything is read."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from chatdesk.log.ordered_batch import MessageStep, OrderedBatch
from chatdesk.log.room_log import LogError
from chatdesk.log.writer import Writer

_RETRY_SECONDS = 0.5
"""Between attempts to write what could not be written."""
_MOST_WAITING = 4_000
"""Messages that are told of and not written: a disk that is slower than people write holds them up from then on."""


class UnwrittenMessages:
    """Messages that were told of and are not in the file yet, in their order. All methods are called on the loop."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[MessageStep] = deque()
        self._batch = _UnwrittenBatch(self._done, self._failed)
        self._round = -1
        """That of the writer in which the batch can be added to."""
        self._settling: list[tuple[int, asyncio.Future[None]]] = []
        self._retry: asyncio.TimerHandle | None = None
        self.misfit = False
        """Whether the file is another one by now, which they do not continue."""

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._waiting)

    def add(self, step: MessageStep) -> None:
        """Write this soon."""
        if self._round != self._writer.hastened:
            self._round = self._writer.hastened
            self._batch = _UnwrittenBatch(self._done, self._failed)
            self._writer.submit_later(self._batch)
        self._batch.add(step)
        self._waiting.append(step)

    def written(self, place: int) -> int:
        """Up to which number all is in the file, of what is told of up to this place."""
        return self._waiting[0].entry.number - 1 if self._waiting else place

    async def pause(self) -> None:
        """Return once more may be told. Raises LogError."""
        if len(self._waiting) >= _MOST_WAITING:
            await self.settle()

    async def settle(self) -> None:
        """Return once all that was told by now is in the file. Raises LogError."""
        if not self._waiting or self.misfit:
            return
        settled: asyncio.Future[None] = self._loop.create_future()
        self._settling.append((self._waiting[-1].entry.number, settled))
        self._writer.hasten()
        await settled

    def _done(self, batch: _UnwrittenBatch, place: int, misfit: bool) -> None:
        waiting = self._waiting
        while waiting and waiting[0].entry.number <= place:
            waiting.popleft()
        if misfit and waiting:
            self.misfit = batch.begins_with(waiting[0])
            self._write_again_later()  # or one before it has failed
        self._answer(place)

    def _failed(self, error: LogError) -> None:
        for _, settled in self._settling:
            if not settled.done():
                settled.set_exception(error)
        self._settling.clear()
        self._write_again_later()

    def _answer(self, place: int) -> None:
        for number, settled in self._settling:
            if (number <= place or self.misfit) and not settled.done():
                settled.set_result(None)
        self._settling = [(number, settled) for number, settled in self._settling if not settled.done()]

    def _write_again_later(self) -> None:
        if self._retry is None:
            self._retry = self._loop.call_later(_RETRY_SECONDS, self._write_again)

    def _write_again(self) -> None:
        self._retry = None
        if self._waiting and not self.misfit:
            self._writer.submit(_UnwrittenBatch(self._done, self._failed, self._waiting))


class _UnwrittenBatch(OrderedBatch):
    """Messages that were told of already; see ``OrderedBatch``. More can be added until it is submitted."""

    def __init__(
        self,
        done: Callable[[_UnwrittenBatch, int, bool], None],
        failed: Callable[[LogError], None],
        steps: Sequence[MessageStep] | deque[MessageStep] = (),
    ) -> None:
        self._messages = list(steps)
        super().__init__(self._messages, lambda place, misfit: done(self, place, misfit), failed)

    def add(self, step: MessageStep) -> None:
        """Add the next one."""
        self._messages.append(step)

    def begins_with(self, step: MessageStep) -> bool:
        """Whether this is the first of them."""
        return self._messages[0] is step

    def notify_done(self) -> None:
        """See ``Write``. Everybody was told."""
        self._done(self._place, self._misfit)
