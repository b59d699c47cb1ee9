"""The window's event loop: asyncio and Qt in one thread, each working by its own rules.

Stock qasync makes a Qt timer for every callback and a notifier for every socket. That takes seconds with thousands of
connections, and a nested Qt loop, such as a dialog's, stops the tasks around it. Here asyncio keeps its queue, its heap
of timers and its epoll. Qt watches one descriptor (the epoll's) and one timer, and runs asyncio when either fires.
"""

import asyncio
import heapq
import logging
import math
import select
import selectors
import signal
import threading
from asyncio.tasks import _enter_task, _leave_task
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QSocketNotifier, Qt, QTimer
from qasync import QEventLoop

logger = logging.getLogger(__name__)

_TURN_SECONDS = 0.002
"""Seconds that asyncio runs before Qt gets its turn: an eighth of a frame. More delays frames; less does not make them
earlier, and costs throughput."""

_MAX_SLEEP = 24 * 3600.0
"""Seconds, as in asyncio. A QTimer counts milliseconds in 31 bits, which is 24 days."""

_FINISH_TIMEOUT = 10.0
"""Seconds for saying goodbye to all clients when the display is gone; after that the process ends anyway."""

# Loop times of the alarm that need no clock.
_NOW, _NEVER = 0.0, math.inf

_asyncio_loop: Any = asyncio.SelectorEventLoop  # Any: some of the methods taken from it are private


def new_event_loop(app: QCoreApplication) -> asyncio.AbstractEventLoop:
    """Return the loop to run ``app`` on: ``QtEventLoop`` where the system has epoll, stock qasync elsewhere."""
    if hasattr(selectors, "EpollSelector"):
        return QtEventLoop(app)
    stock: asyncio.AbstractEventLoop = QEventLoop(app)
    return stock


def cancel_and_finish(task: asyncio.Task[Any]) -> None:
    """Cancel a task and run it to its end without Qt, for at most ten seconds.

    For use inside Qt's message handler, when Qt is about to end the process and does not return to the loop.
    """
    loop = task.get_loop()
    task.cancel()
    end = loop.time() + _FINISH_TIMEOUT
    while isinstance(loop, QtEventLoop) and not task.done() and loop.time() < end:
        loop.run_turn()


class QtEventLoop(QEventLoop):  # type: ignore[misc]  # qasync ships no types
    """An asyncio selector loop that runs inside ``app.exec()``.

    Other callbacks and tasks go on while one callback runs a nested Qt loop. When Qt quits, the loop stops. Only the
    thread of ``app`` may run it.
    """

    # qasync overrides these; restore asyncio's own implementations.
    run_forever = _asyncio_loop.run_forever
    run_until_complete = _asyncio_loop.run_until_complete
    stop = _asyncio_loop.stop
    is_running = _asyncio_loop.is_running
    close = _asyncio_loop.close
    time = _asyncio_loop.time
    call_soon = _asyncio_loop.call_soon
    call_later = _asyncio_loop.call_later
    call_at = _asyncio_loop.call_at
    call_soon_threadsafe = _asyncio_loop.call_soon_threadsafe
    _add_callback = _asyncio_loop._add_callback
    _add_reader = _asyncio_loop._add_reader
    _remove_reader = _asyncio_loop._remove_reader
    _add_writer = _asyncio_loop._add_writer
    _remove_writer = _asyncio_loop._remove_writer
    run_in_executor = _asyncio_loop.run_in_executor
    set_default_executor = _asyncio_loop.set_default_executor
    set_exception_handler = _asyncio_loop.set_exception_handler
    default_exception_handler = _asyncio_loop.default_exception_handler
    call_exception_handler = _asyncio_loop.call_exception_handler
    get_debug = _asyncio_loop.get_debug
    set_debug = _asyncio_loop.set_debug

    # asyncio's heap of timers, and how many of them are cancelled.
    _scheduled: list[asyncio.TimerHandle]
    _timer_cancelled_count: int

    def __init__(self, app: QCoreApplication) -> None:
        _asyncio_loop.__init__(self, selectors.EpollSelector())
        self._app = app
        self._batch_left = 0  # how many handles in _ready run before the selector is polled again
        self._on_stack: set[int] = set()  # ids of running handles; several while a callback runs a nested loop
        self._failure: BaseException | None = None
        self._exiting = False  # app.exec() is told to return; Qt may still deliver the timer and the notifier
        self._alarm = _NEVER  # loop time for which the timer is armed
        self._timer = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._pump)
        self._notifier = QSocketNotifier(self._selector.fileno(), QSocketNotifier.Type.Read)
        self._notifier.setEnabled(False)
        self._notifier.activated.connect(self._pump)

    def run_turn(self) -> None:
        """Run asyncio once, then wait up to 2 ms for a socket."""
        self._pump()
        select.select([self._selector.fileno()], [], [], _TURN_SECONDS)

    def _run_once(self) -> None:
        """Run Qt until stop() or quit(). To asyncio's run_forever this is one iteration."""
        dispatcher = self._app.eventDispatcher()
        dispatcher.aboutToBlock.connect(self._arm)
        dispatcher.awake.connect(self._arm)  # processEvents() does not block
        self._notifier.setEnabled(True)
        try:
            with self._interruptible():
                self._app.exec()
        finally:
            self._exiting = False
            self._notifier.setEnabled(False)
            self._set_alarm(_NEVER)
            dispatcher.aboutToBlock.disconnect(self._arm)
            dispatcher.awake.disconnect(self._arm)
        self._stopping = True
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Let signals wake Qt, and raise a KeyboardInterrupt from run_forever.

        PySide would print an exception raised in a slot, and go on.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        previous: Any = signal.getsignal(signal.SIGINT)

        def interrupt(number: int, frame: FrameType | None) -> None:
            try:
                previous(number, frame)
            except BaseException as error:  # noqa: BLE001  # run_forever raises it
                self._failure = error
                self._app.exit()

        signal.set_wakeup_fd(self._csock.fileno())
        if callable(previous):
            signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            if signal.getsignal(signal.SIGINT) is interrupt:
                signal.signal(signal.SIGINT, previous)
            if not self._signal_handlers:
                signal.set_wakeup_fd(-1)

    def _pump(self) -> None:
        """Run asyncio for a turn. Qt also calls this while a callback of an earlier turn runs a nested loop.

        What has to be painted is painted first: Qt keeps that for last, and several turns may come before it.
        """
        if self._exiting:
            return  # asyncio's own loop runs nothing more after the turn in which it was stopped
        QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        self._alarm = _NEVER  # this may be the alarm going off
        task = asyncio.current_task(self)
        if task is not None:
            _leave_task(self, task)
        try:
            self._run_ready(self.time() + _TURN_SECONDS)
        except BaseException as error:  # noqa: BLE001  # SystemExit, KeyboardInterrupt: run_forever raises them
            self._failure = error
        finally:
            if task is not None:
                _enter_task(self, task)
        if self._failure is not None or (self._stopping and not self._batch_left):
            self._exiting = True
            self._app.exit()
        self._arm()

    def _run_ready(self, until: float) -> None:
        """Run ready handles, and those that they make ready, until the turn is over.

        A batch is finished before the selector is polled again; it would report the same sockets twice.
        """
        while True:
            if not self._batch_left:
                self._collect_ready()
            while self._batch_left:
                self._batch_left -= 1
                self._run_handle(self._ready.popleft())
                if self.time() >= until:
                    return
            if self._stopping or not self._ready:
                return

    def _collect_ready(self) -> None:
        """Collect a batch of ready handles in asyncio's order: callbacks, sockets, timers."""
        self._process_events(self._selector.select(0))
        now = self.time() + self._clock_resolution
        while self._scheduled and self._scheduled[0].when() < now:
            self._ready.append(self._pop_timer())
        self._batch_left = len(self._ready)

    def _run_handle(self, handle: asyncio.Handle) -> None:
        if handle.cancelled() or id(handle) in self._on_stack:
            return  # the selector reports a socket until its callback, still on the stack, has read it
        start = self.time()
        self._on_stack.add(id(handle))
        try:
            handle._run()
        finally:
            self._on_stack.remove(id(handle))
        if self._debug and (duration := self.time() - start) >= self.slow_callback_duration:
            logger.warning("Executing %r took %.3f seconds", handle, duration)

    def _arm(self) -> None:
        """Set the timer for asyncio's next handle. Called before Qt sleeps, since a slot may have scheduled one."""
        self._drop_cancelled_timers()
        if self._ready or self._stopping:
            self._set_alarm(_NOW)
        else:
            self._set_alarm(self._scheduled[0].when() if self._scheduled else _NEVER)

    def _drop_cancelled_timers(self) -> None:
        """Drop cancelled timers from the head of the heap, and all of them once they are more than half of it."""
        if self._timer_cancelled_count > max(100, len(self._scheduled) // 2):
            self._scheduled = [timer for timer in self._scheduled if not timer.cancelled()]
            heapq.heapify(self._scheduled)
            self._timer_cancelled_count = 0
        while self._scheduled and self._scheduled[0].cancelled():
            self._pop_timer()
            self._timer_cancelled_count -= 1

    def _pop_timer(self) -> asyncio.TimerHandle:
        timer = heapq.heappop(self._scheduled)
        timer._scheduled = False  # type: ignore[attr-defined]  # private; its cancellation no longer counts
        return timer

    def _set_alarm(self, when: float) -> None:
        if when == _NEVER:
            self._timer.stop()
        elif when != self._alarm:
            delay = min(max(0.0, when - self.time()), _MAX_SLEEP)
            self._timer.start(math.ceil(delay * 1000))
        self._alarm = when
