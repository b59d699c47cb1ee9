#!/bin/bash
# qasync calls timers up to a twentieth of their delay before their time or after it, and in another order than that of
# their times: of two that are due in 5.00 and 5.04 seconds, the second can be called first, a fifth of a second before the
# first. asyncio's own loop calls them in order, and none before its time.
#
# One would have guessed that a loop of asyncio on top of Qt's is late by what Qt needs for its events, some milliseconds, and
# that order holds, as it does in asyncio by the heap of its timers. But qasync gives each call_later() a timer of its own by
# QObject.startTimer(), whose default is Qt.CoarseTimer: Qt moves it by up to 5 %, to where it likes to wake up (whole or half
# seconds, or parts of these), each by itself and alone by its delay. So a client that is told to come back in
# ten seconds comes back in nine and a half, and is refused again; and of two asyncio.timeout(), an inner one that is a
# little longer can expire first.
# Source: _SimpleTimer.add_callback in qasync/__init__.py. https://doc.qt.io/qt-6/qt.html#TimerType-enum says what a coarse
# timer is; the documentation of qasync does not speak of it.
# The way out, shown below: have startTimer() make a Qt.TimerType.PreciseTimer.
# Seen with qasync 0.28.0 and PySide6-Essentials 6.12.0 on Python 3.11 and 3.13, Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check qasync==0.28.0 PySide6-Essentials==6.12.0
cat > see.py <<'PYTHON'
import asyncio
import contextlib
import sys
from importlib.metadata import version

from PySide6.QtCore import QCoreApplication, QObject, Qt, qVersion

import qasync

print(f"Python {sys.version.split()[0]}, qasync {version('qasync')}, Qt {qVersion()}")
application = QCoreApplication([])
DELAYS = [5 + 0.01 * number for number in range(100)]


async def seen():
    """How many milliseconds the earliest timer comes before its time; and the latest time that one overtakes."""
    loop = asyncio.get_running_loop()
    begun_at, called = loop.time(), []
    for delay in DELAYS:
        loop.call_later(delay, lambda delay=delay: called.append((delay, loop.time() - begun_at)))
    while len(called) < len(DELAYS):
        await asyncio.sleep(0.1)
    early = max(due - at for due, at in called)
    overtaken = max(before - due for number, (due, _) in enumerate(called) for before, _ in called[: number + 1])
    return early * 1000, overtaken * 1000


def show(name, loop):
    with contextlib.closing(loop):
        early, overtaken = loop.run_until_complete(seen())
    print(f"{name}: called {early:.0f} ms before its time, and {overtaken:.0f} ms before one that is due earlier")
    return early, overtaken


plain = show("asyncio", asyncio.new_event_loop())
coarse = show("qasync", qasync.QEventLoop(application))
qasync._SimpleTimer.startTimer = lambda self, delay: QObject.startTimer(self, delay, Qt.TimerType.PreciseTimer)
precise = show("qasync with precise timers", qasync.QEventLoop(application))
for early, overtaken in (plain, precise):
    assert early < 5 and overtaken < 5
assert coarse[0] > 50 and coarse[1] > 15
PYTHON
venv/bin/python see.py
