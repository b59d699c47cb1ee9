"""Browsers that speak WebDriver: what a person does in them, in the words of that standard."""

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any, Protocol

PATIENCE = 20.0
"""So long, in seconds, may a busy machine take for anything."""
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""What WebDriver calls the key of a reference to an element."""

LISTEN = """
window.complaints = [];
addEventListener('error', error => complaints.push(error.message));
addEventListener('unhandledrejection', rejection => complaints.push(String(rejection.reason)));
document.addEventListener('securitypolicyviolation', violation => complaints.push(violation.blockedURI));
"""


class WebDriver(Protocol):
    """A browser under control."""

    def command(self, name: str, **parameters: Any) -> Any:
        """Have a command of the standard done, and return its value."""


class DrivenPage:
    """The page in such a browser."""

    def __init__(self, driver: WebDriver, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(self, url: str = "") -> None:
        """Go to the chat's page, or another one."""
        self.driver.command("Navigate", url=url or self.url)
        self.run(LISTEN)

    def join(self, nickname: str) -> None:
        """Go to the page, and into the room."""
        self.open()
        self.type("#nickname", nickname)
        self.click("#join-button")
        self.until(lambda: self.sees("#chat"))

    def send(self, text: str) -> None:
        """Write a message and press the button."""
        self.type("#message", text)
        self.click("#send")

    def type(self, selector: str, text: str) -> None:
        """Type into a field."""
        self.driver.command("ElementSendKeys", id=self._element(selector), text=text)

    def click(self, selector: str) -> None:
        """Press an element."""
        self.driver.command("ElementClick", id=self._element(selector))

    def resize(self, width: int, height: int) -> None:
        """Make the window so large that the page inside has this size, as a person does who looks at it."""
        beside, above = self._chrome
        self.driver.command("SetWindowRect", width=width + beside, height=height + above)
        self.until(lambda: self.run("return [innerWidth, innerHeight]") == [width, height])

    def run(self, script: str, *arguments: Any) -> Any:
        """The value of a function with this body."""
        return self.driver.command("ExecuteScript", script=script, args=list(arguments))

    def sees(self, selector: str) -> bool:
        """Whether something that matches takes up room."""
        return bool(self.run("return document.querySelector(arguments[0])?.getClientRects().length > 0", selector))

    def text(self, selector: str) -> str:
        """The words of the first element that matches; none, when there is none."""
        return str(self.run("return document.querySelector(arguments[0])?.textContent ?? ''", selector))

    def texts(self) -> list[str]:
        """What the messages say, in order, one's own without time and tick."""
        script = """return [...document.querySelectorAll('.row .text')].map(text => {
            const words = text.cloneNode(true);
            words.querySelector('.receipt')?.remove();
            return words.textContent;
        })"""
        return list(self.run(script))

    @property
    def complaints(self) -> list[str]:
        """What the browser has complained of since the page was loaded: errors, and violations of the policy."""
        return list(self.run("return window.complaints"))

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until this is so."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"it does not come to be so; the page says: {self.text('body')[:2000]}"
            time.sleep(0.05)

    @cached_property
    def _chrome(self) -> tuple[int, int]:
        """By how much the window is larger than the page, while nothing changes: a page hears of a new size later."""
        width, height = self.run("return [innerWidth, innerHeight]")
        rect = self.driver.command("GetWindowRect")
        return rect["width"] - width, rect["height"] - height

    def _element(self, selector: str) -> str:
        """The reference to an element that can be used."""
        self.until(lambda: self.sees(selector))
        return str(self.run("return document.querySelector(arguments[0])", selector)[ELEMENT])
