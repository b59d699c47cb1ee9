"""The page's modules as the subject of a scenario: in a real browser, without sockets and on the test's clock."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.conformance.scenarios import Json

_SCRIPT = Path(__file__).with_name("page_subject.js").read_text("utf-8")
_STEP_SECONDS = 1.0
"""How often a client that is about to connect is looked at."""
_CONNECT_SECONDS = 60.0
"""Twice the longest delay between two attempts."""


class PageSubject:
    """The page's ``ChatClient``, with what a browser stores; its clock stands still between the calls."""

    def __init__(self, page: Page) -> None:
        """``page`` is prepared by ``prepare``, and may have been the subject of another scenario."""
        self._page = page
        self._due: list[tuple[str, list[Any]]] = []
        """Calls that nobody has needed an answer of yet. They go to the browser together: each way there costs."""
        self._tell("begin")

    @staticmethod
    def prepare(page: Page, url: str) -> None:
        """Load the modules of the page that is served at this address."""
        page.clock.install()
        page.goto(f"{url}/about")  # an address of the server at which no script runs
        page.clock.pause_at("2030-01-01")
        page.evaluate(_SCRIPT)

    def open(self) -> None:
        """Let time pass until the client tries to connect, and let it succeed."""
        waited = 0.0
        while not self._call("open"):
            assert waited < _CONNECT_SECONDS, "the client does not connect"
            self.wait(_STEP_SECONDS)
            waited += _STEP_SECONDS

    def lose(self, code: int) -> None:
        """End the connection."""
        self._tell("lose", code)

    def receive(self, event: Json) -> None:
        """The server sends an event."""
        self._tell("receive", event)

    def act(self, act: str, value: Any, room: str) -> None:
        """The person does something."""
        self._tell("act", act, value, room)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._do_what_is_due()
        self._page.clock.run_for(round(seconds * 1000))

    def restart(self) -> None:
        """Load the page again."""
        self._tell("start")

    def sent(self) -> list[Json]:
        """Return the commands sent since the last call."""
        sent: list[Json] = self._call("takeSent")
        return sent

    def state(self, room: str) -> Json:
        """Return everything that the person can see."""
        seen: Json = self._call("see", room)
        return seen

    def _tell(self, method: str, *values: Any) -> None:
        self._due.append((method, list(values)))

    def _call(self, method: str, *values: Any) -> Any:
        self._tell(method, *values)
        return self._do_what_is_due()

    def _do_what_is_due(self) -> Any:
        calls, self._due = json.dumps(self._due), []
        return json.loads(self._page.evaluate("calls => subject.perform(calls)", calls))
