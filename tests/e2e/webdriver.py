"""A page in a browser that is driven by WebDriver."""

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any, Protocol

PATIENCE = 20.0
"""Seconds that a busy machine may take for any step."""
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of a reference to an element, as the WebDriver standard defines it."""

LISTEN = """
window.complaints = [];
addEventListener('error', error => complaints.push(error.message));
addEventListener('unhandledrejection', rejection => complaints.push(String(rejection.reason)));
document.addEventListener('securitypolicyviolation', violation => complaints.push(violation.blockedURI));
"""


class WebDriver(Protocol):
    """A browser that executes WebDriver commands."""

    def command(self, name: str, **parameters: Any) -> Any:
        """Execute a command of the standard and return its value."""


class DrivenPage:
    """The chat's page in such a browser."""

    def __init__(self, driver: WebDriver, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(self, url: str = "") -> None:
        """Open the chat's page, or another one."""
        self.driver.command("Navigate", url=url or self.url)
        self.run(LISTEN)

    def join(self, nickname: str) -> None:
        """Open the page and join the room."""
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
        """Click an element."""
        self.driver.command("ElementClick", id=self._element(selector))

    def press(self, selector: str) -> None:
        """Press the mouse button on an element, and hold it."""
        origin = {ELEMENT: self._element(selector)}
        self._point({"type": "pointerMove", "origin": origin, "x": 0, "y": 0}, {"type": "pointerDown", "button": 0})

    def release(self) -> None:
        """Release the mouse button."""
        self._point({"type": "pointerUp", "button": 0})

    def resize(self, width: int, height: int) -> None:
        """Resize the window until the page inside has this size."""
        beside, above = self._chrome
        self.driver.command("SetWindowRect", width=width + beside, height=height + above)
        self.until(lambda: self.run("return [innerWidth, innerHeight]") == [width, height])

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a function with this body in the page, and return its value."""
        return self.driver.command("ExecuteScript", script=script, args=list(arguments))

    def sees(self, selector: str) -> bool:
        """Return whether a matching element takes up space."""
        return bool(self.run("return document.querySelector(arguments[0])?.getClientRects().length > 0", selector))

    def text(self, selector: str) -> str:
        """Return the text of the first matching element, empty if there is none."""
        return str(self.run("return document.querySelector(arguments[0])?.textContent ?? ''", selector))

    def texts(self) -> list[str]:
        """Return the contents of the messages in order, those of own ones without time and tick."""
        script = """return [...document.querySelectorAll('.row .text')].map(text => {
            const words = text.cloneNode(true);
            words.querySelector('.receipt')?.remove();
            return words.textContent;
        })"""
        return list(self.run(script))

    @property
    def complaints(self) -> list[str]:
        """Return the errors and the violations of the content security policy since the page was loaded."""
        return list(self.run("return window.complaints"))

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until the condition is true."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"it does not come to be so; the page says: {self.text('body')[:2000]}"
            time.sleep(0.05)

    @cached_property
    def _chrome(self) -> tuple[int, int]:
        """Return by how much the window is larger than the page, once stable: a page learns of a new size late."""
        width, height = self.run("return [innerWidth, innerHeight]")
        rect = self.driver.command("GetWindowRect")
        return rect["width"] - width, rect["height"] - height

    def _point(self, *actions: dict[str, object]) -> None:
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        self.driver.command("PerformActions", actions=[mouse])

    def _element(self, selector: str) -> str:
        """Return the reference to an element, once it can be used."""
        self.until(lambda: self.sees(selector))
        return str(self.run("return document.querySelector(arguments[0])", selector)[ELEMENT])
