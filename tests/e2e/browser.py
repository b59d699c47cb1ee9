"""The page in a real browser, used as a person uses it."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocketRoute, expect, sync_playwright

from tests.needs import needs

expect.set_options(timeout=15_000)  # ms: three times the default, as the machine may be busy

CHROMIUM = "/usr/bin/chromium"
_WITHOUT_WINDOWS = Path("/usr/bin/chromium-headless-shell")
"""Chromium's own engine without the windows around it: a test of a page takes a third of the processor time."""
ENGINE = str(_WITHOUT_WINDOWS) if _WITHOUT_WINDOWS.exists() else CHROMIUM
"""What draws pages where no window is needed. Not every release has it apart from the browser."""
LAN_NAME = f"{socket.gethostname().split('.')[0]}.local".lower()
"""A name of this machine. Under this name the page is not a secure context, as on any network."""
_LEFT_OUT = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),  # pages of its own in each window: a third of a test's time
    *("HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "ThirdPartyStoragePartitioning", "PaintHolding"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("LensOverlay", "MediaRouter", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
)
"""Features of Chromium. The switch replaces Playwright's own, so all of those that matter here are in it, too."""
SWITCHES = [
    "--font-render-hinting=slight",  # as with windows: otherwise letters of other scripts differ
    "--no-sandbox",
    f"--disable-features={','.join(_LEFT_OUT)}",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {LAN_NAME} 127.0.0.1",
]

ELSEWHERE = "() => { document.hasFocus = () => false }"
"""The person is in another window."""
_HOST_IS_GONE = re.compile(
    r"WebSocket connection to .* failed|net::ERR_(CONNECTION|INTERNET|EMPTY_RESPONSE)|status of 503"
)

Filter = Callable[[dict[str, Any]], dict[str, Any] | None]
"""Changes a command or an event in transit; None drops it."""


@needs("browser")
@contextmanager
def chromium(*names: str, whole: bool = False) -> Iterator[Browser]:
    """Chromium, for which these host names lead to this machine, too. ``whole`` is the browser with its windows."""
    switches = [*SWITCHES, f"--host-resolver-rules={','.join(f'MAP {name} 127.0.0.1' for name in (LAN_NAME, *names))}"]
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM if whole else ENGINE, args=switches) as browser,
    ):
        yield browser


class ChatPage:
    """One tab. ``complaints`` are errors, violations of the content security policy and requests to another host."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self.context = context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.sent: list[dict[str, Any]] = []
        """The commands that the page has sent, over all its connections."""
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self._judge(message.type, message.text))
        self.page.on("request", lambda request: self._check_host(request.url))
        self.page.on("websocket", lambda socket: socket.on("framesent", self._note))

    def open(self) -> "ChatPage":
        """Open the page."""
        self.page.goto(self.url)
        return self

    def join(self, nickname: str) -> "ChatPage":
        """Open the page and join the room."""
        self.open()
        self.find("#nickname").fill(nickname)
        self.find("#join-button").click()
        expect(self.find("#chat")).to_be_visible()
        return self

    def find(self, selector: str) -> Locator:
        """Return the elements that match a selector, such as ``#message`` or ``role=button``."""
        return self.page.locator(selector)

    def send(self, text: str) -> None:
        """Write a message and press Enter."""
        self.find("#message").fill(text)
        self.find("#message").press("Enter")

    def try_now(self) -> None:
        """Press *Try now*, unless the page has already reconnected."""
        self.page.evaluate("document.querySelector('#banner button:not([hidden])')?.click()")

    def message(self, text: str) -> Locator:
        """Return the row of the message that starts with this text."""
        return self.find(".row").filter(has=self.page.locator("p", has_text=re.compile(f"^{re.escape(text)}")))

    def texts(self) -> list[str]:
        """Return the contents of the messages in order, those of own ones without time and tick."""
        script = """texts => texts.map(text => [...text.children].map(line => {
            const words = line.cloneNode(true);
            words.querySelector('.receipt')?.remove();
            return words.textContent;
        }).join('\\n'))"""
        texts: list[str] = self.find(".row .text").evaluate_all(script)
        return texts

    def expect_texts(self, *texts: str) -> None:
        """Wait until the messages have exactly these contents."""
        expect(self.find(".row .text")).to_have_count(len(texts))
        assert self.texts() == list(texts)

    def between(
        self, filter_command: Filter = lambda it: it, filter_event: Filter = lambda it: it
    ) -> list[WebSocketRoute]:
        """Filter commands and events from the next connection on. Each new connection is appended to the result."""
        connections: list[WebSocketRoute] = []

        def connect(route: WebSocketRoute) -> None:
            connections.append(route)
            server = route.connect_to_server()
            route.on_message(lambda data: _forward(server, filter_command(json.loads(data))))
            server.on_message(lambda data: _forward(route, filter_event(json.loads(data))))

        self.page.route_web_socket("**/ws", connect)
        return connections

    def _judge(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not _HOST_IS_GONE.search(text):
            self.complaints.append(text)

    def _check_host(self, url: str) -> None:
        if not url.startswith((self.url, self.url.replace("http", "ws"), "data:")):
            self.complaints.append(f"a request to {url}")

    def _note(self, frame: str | bytes) -> None:
        self.sent.append(json.loads(frame))


def _forward(to: WebSocketRoute, message: dict[str, Any] | None) -> None:
    if message is not None:
        to.send(json.dumps(message))
