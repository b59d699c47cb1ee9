"""How long a page is busy at a stretch, and answers nobody: in processor time of its thread, as Chromium records it.

Other programs on the machine do not matter to it: by the clock, one of thousands of tasks may take any time.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

_FROM_HERE, _SORTING = "counted from here", "sorting"
_SORT = """() => {
    const names = Array.from({ length: 14_000 }, (_, number) => `Guest ${number * 7919 % 14_000}`);
    const order = new Intl.Collator('en');
    names.toSorted(order.compare);
}"""
_TIMES = 5
Trace = list[dict[str, Any]]


class PageWork:
    """What the pages of a browser do, from now on until it is asked for the longest task."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._recorded: Trace = []
        browser.start_tracing(categories=["toplevel", "blink.user_timing"])

    def forget(self, page: Page) -> None:
        """Count only tasks from now on."""
        page.evaluate("name => void performance.mark(name)", _FROM_HERE)

    def longest_task(self, page: Page) -> float:
        """The longest task of the page, over sorting 14,000 names now: about the same on a slow machine."""
        page.evaluate("name => void performance.mark(name)", _SORTING)
        for _ in range(_TIMES):
            page.evaluate(_SORT)
        self.end()
        begun, sorting_at = (self._last_mark(name) for name in (_FROM_HERE, _SORTING))
        (thread,) = {_thread(it) for it in self._recorded if it["name"] == _SORTING}
        tasks = [
            it for it in self._recorded if _thread(it) == thread and it["name"].endswith("RunTask") and "dur" in it
        ]
        assert tasks, "Chromium has recorded nothing"
        longest = max((_seconds(it) for it in tasks if begun < it["ts"] + it["dur"] < sorting_at), default=0)
        sorting = sorted(_seconds(it) for it in tasks if it["ts"] > sorting_at)[-_TIMES:][_TIMES // 2]
        print(f"the longest task: {longest * 1000:.0f} ms, sorting: {sorting * 1000:.0f} ms")
        return longest / sorting

    def end(self) -> None:
        """Record no more."""
        if not self._recorded:
            self._recorded = json.loads(self._browser.stop_tracing())["traceEvents"]

    def _last_mark(self, name: str) -> float:
        return max((float(it["ts"]) for it in self._recorded if it["name"] == name), default=0)


def _seconds(task: dict[str, Any]) -> float:
    """Of processor time; one of a few microseconds may have only its time by the clock."""
    return float(task.get("tdur", task["dur"])) / 1e6


def _thread(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]


@pytest.fixture
def work(browser: Browser) -> Iterator[PageWork]:
    """Records from the beginning of the test."""
    recording = PageWork(browser)
    yield recording
    recording.end()
