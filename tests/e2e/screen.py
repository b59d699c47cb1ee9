"""A private screen: an X server without a monitor, with mouse, keyboard and clipboard."""

import os
import subprocess
import time
from types import TracebackType
from typing import Self

from Xlib import X
from Xlib.display import Display
from Xlib.protocol.event import ClientMessage

from tests.needs import needs

Place = tuple[int, int, int, int]
"""Left, top, width, height."""
_FOUND_SECONDS = 20  # far more than a window manager takes to draw a frame
_XVFB = ("sh", "-c", 'exec Xvfb ":1$$" "$@"', "Xvfb")
"""The number of the display is that of the process, which no other has, with a 1 before it: no desktop's display.

Xvfb itself would choose one that it believes is free. In another network namespace it would take a display that is in
use, and its socket in /tmp: what one test typed reached the window of another.
"""


@needs("window")
class Screen:
    """An Xvfb on a free display, running while the context is open."""

    def __init__(self, width: int = 1280, height: int = 900) -> None:
        self._size = f"{width}x{height}x24"

    def __enter__(self) -> Self:
        reading, writing = os.pipe()
        options = ["-displayfd", str(writing), "-screen", "0", self._size, "-nolisten", "tcp", "-noreset"]
        self._process = subprocess.Popen([*_XVFB, *options], pass_fds=[writing], stderr=subprocess.DEVNULL)
        self.display = f":1{self._process.pid}"
        os.close(writing)
        with os.fdopen(reading) as answer:
            assert answer.readline(), "Xvfb did not start"
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(10)

    def die(self) -> None:
        """Kill the server, as a crash would."""
        self._process.kill()
        self._process.wait(10)

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables for a program on this screen."""
        return {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def point(self, x: int, y: int) -> None:
        """Move the pointer to a position."""
        self._xdotool("mousemove", str(x), str(y))

    def click(self, x: int, y: int) -> None:
        """Move the pointer and click."""
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def type(self, text: str) -> None:
        """Type a text."""
        self._xdotool("type", "--delay", "5", text)

    def press(self, *keys: str) -> None:
        """Press keys, such as ``Return`` or ``ctrl+a``."""
        self._xdotool("key", *keys)

    def titles(self) -> list[str]:
        """Return the titles of all visible windows."""
        windows = self._xdotool("search", "--onlyvisible", "--name", ".").split()
        return [self._xdotool("getwindowname", window).strip() for window in windows]

    def has_popup(self) -> bool:
        """Whether a menu is open: only such windows are none of a window manager."""
        display = Display(self.display)
        found = [window.get_attributes() for window in display.screen().root.query_tree().children]
        display.close()
        return any(it.override_redirect and it.map_state == X.IsViewable for it in found)

    def place(self, title: str) -> Place:
        """Return the rectangle of a window, including its frame."""
        number = self._number(title)
        display = Display(self.display)
        window, root = display.create_resource_object("window", number), display.screen().root
        while (parent := window.query_tree().parent) != root:
            window = parent
        found = window.get_geometry()
        display.close()
        return found.x, found.y, found.width, found.height

    def _number(self, title: str) -> int:
        """The window of this title, as soon as it is there: a frame may be about to be drawn around it."""
        end = time.monotonic() + _FOUND_SECONDS
        while not (found := self._xdotool("search", "--onlyvisible", "--name", title).split()):
            assert time.monotonic() < end, f"no window is called {title}"
            time.sleep(0.05)
        return int(found[0])

    def colors(self, place: Place) -> set[bytes]:
        """Return the colours in a rectangle of the screen."""
        display = Display(self.display)
        data = display.screen().root.get_image(*place, X.ZPixmap, 0xFFFFFFFF).data
        display.close()
        return {data[start : start + 3] for start in range(0, len(data), 4)}

    def drag_to(self, title: str, x: int, y: int) -> None:
        """Move a window's upper left corner to a position."""
        self._xdotool("windowmove", str(self._number(title)), str(x), str(y))

    def focus_window(self, title: str) -> None:
        """Give a window the keyboard focus, as there is no window manager that would."""
        self._xdotool("windowfocus", "--sync", str(self._number(title)))

    def close_window(self, title: str) -> None:
        """Ask a window to close, as its close button does."""
        number = self._number(title)
        display = Display(self.display)
        window = display.create_resource_object("window", number)
        protocols, delete = (display.intern_atom(name) for name in ("WM_PROTOCOLS", "WM_DELETE_WINDOW"))
        window.send_event(
            ClientMessage(window=window, client_type=protocols, data=(32, [delete, X.CurrentTime, 0, 0, 0]))
        )
        display.sync()
        display.close()

    def clipboard(self) -> str:
        """Return the text in the clipboard, empty if there is none."""
        command = ["xclip", "-selection", "clipboard", "-o"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=10, check=False)
        return done.stdout

    def _xdotool(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=self.environment, capture_output=True, text=True, timeout=20, check=False
        )
        return done.stdout
