"""The tiling Wayland compositor sway of Debian 13, without a monitor; tests control its mouse and keyboard."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.debian import Debian, child_of
from tests.e2e.screen import Place
from tests.e2e.virtual_pointer import VirtualPointer
from tests.needs import needs

_PACKAGES = ("sway", "grim", "wtype", "wl-clipboard")
_HEADLESS = {"WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}
_SECONDS = 30  # a compositor that renders in software on a busy machine
GROUND = "#808080"
_NOT_HERE = ("DISPLAY", "QT_QPA_PLATFORM", "WAYLAND_SOCKET", "QT_WAYLAND_RECONNECT")

_PAUSE = ("-s", "200")
"""wtype adds a keyboard of its own, whose keys a program sees only after it has read the keymap."""

Node = dict[str, Any]


@needs("window")
class Sway:
    """The compositor with outputs of these sizes side by side, running while the context is open."""

    def __init__(self, *outputs: str) -> None:
        self._outputs = outputs

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="chatdesk-sway-")
        self.runtime = Path(self._folder.name)
        (self.runtime / "config").write_text(self._config())
        self._debian = Debian(release="trixie", packages=_PACKAGES, shared=[self.runtime])
        self._debian.__enter__()
        places = {"XDG_RUNTIME_DIR": str(self.runtime), "WLR_HEADLESS_OUTPUTS": str(len(self._outputs))}
        config = str(self.runtime / "config")
        self.process = self._debian.popen("sway", "--config", config, as_root=True, **_HEADLESS, **places)
        self._socket = self._appears("sway-ipc.*.sock")
        self._display = self._appears("wayland-[0-9]")
        self._mouse = VirtualPointer(self._display)
        self._keyboard = self._debian.popen("env", *self._places, "wtype", "-s", "3600000", as_root=True)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._mouse.close()
        _kill(self._keyboard)
        self.die()
        self._debian.__exit__(exc_type, exc, traceback)
        self._folder.cleanup()

    def die(self) -> None:
        """Kill the compositor, as a crash would."""
        _kill(self.process)

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables for a program that can appear only here."""
        own = {name: value for name, value in os.environ.items() if name not in _NOT_HERE}
        return {**own, "XDG_RUNTIME_DIR": str(self.runtime), "WAYLAND_DISPLAY": self._display.name}

    def tell(self, *command: str) -> None:
        """Send it one of its own commands, such as ``floating enable``."""
        self._swaymsg(*command)

    def windows(self) -> list[Node]:
        """Return sway's description of each window."""
        return [node for node in _nodes(json.loads(self._swaymsg("-t", "get_tree"))) if node.get("app_id")]

    def wait_for_window(self, title: str, is_right: Callable[[Node], bool] = bool) -> Node:
        """Wait for a window whose title contains this text and that fulfils the condition."""
        end = time.monotonic() + _SECONDS
        while True:
            found = [node for node in self.windows() if title in (node["name"] or "")]
            if found and is_right(found[0]):
                return found[0]
            assert time.monotonic() < end, (title, found)
            time.sleep(0.1)

    def click(self, x: float, y: float) -> None:
        """Move the pointer and click."""
        self._point(x, y)
        self._mouse.press()
        self._mouse.press(pressed=False)

    def drag(self, x: int, y: int, by: int) -> None:
        """Press the button at a position, and release it this many pixels further to the right."""
        self._point(x, y)
        self._mouse.press()
        self._point(x + by // 2, y)
        self._point(x + by, y)
        self._mouse.press(pressed=False)

    def clipboard(self) -> str:
        """Return the text in the clipboard, empty if there is none."""
        return self._run("sh", "-c", "wl-paste --no-newline 2>/dev/null || true")

    def type(self, text: str) -> None:
        """Type a text."""
        self._run("wtype", *_PAUSE, text)

    def press(self, key: str, *modifiers: str) -> None:
        """Press a key, such as ``Return``, with modifiers such as ``ctrl``."""
        held = [part for modifier in modifiers for part in ("-M", modifier)]
        self._run("wtype", *_PAUSE, *held, "-k", key)

    def picture(self, place: Place | None = None) -> Path:
        """Take a picture of all outputs or of a part; the file is deleted with the context."""
        file = self.runtime / "picture.png"
        part = ["-g", f"{place[0]},{place[1]} {place[2]}x{place[3]}"] if place else []
        self._run("grim", *part, str(file))
        return file

    def _config(self) -> str:
        lines = ["xwayland disable", "default_border none", "focus_follows_mouse no", "seat * fallback true"]
        left = 0
        for number, size in enumerate(self._outputs, 1):
            lines.append(f"output HEADLESS-{number} resolution {size} position {left} 0 bg {GROUND} solid_color")
            left += int(size.partition("x")[0])
        lines.append("focus output HEADLESS-1")
        return "\n".join(lines) + "\n"

    def _appears(self, pattern: str) -> Path:
        end = time.monotonic() + _SECONDS
        while not (found := sorted(self.runtime.glob(pattern))):
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < end, f"sway never made {pattern}"
            time.sleep(0.05)
        return found[0]

    def _point(self, x: float, y: float) -> None:
        outputs = [output["rect"] for output in json.loads(self._swaymsg("-t", "get_outputs"))]
        width = max(rect["x"] + rect["width"] for rect in outputs)
        height = max(rect["y"] + rect["height"] for rect in outputs)
        self._mouse.move(round(x), round(y), width, height)

    def _swaymsg(self, *arguments: str) -> str:
        return self._run("swaymsg", "-s", str(self._socket), *arguments)

    def _run(self, *command: str) -> str:
        return self._debian.run("env", *self._places, *command, as_root=True)

    @property
    def _places(self) -> tuple[str, str]:
        return f"XDG_RUNTIME_DIR={self.runtime}", f"WAYLAND_DISPLAY={self._display.name}"


def _kill(process: "subprocess.Popen[str]") -> None:
    """Kill a program in the Debian, and the process that started it from outside."""
    if process.poll() is None:
        os.kill(child_of(process), signal.SIGKILL)
    process.communicate(timeout=10)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    children: Sequence[Node] = (*node["nodes"], *node["floating_nodes"])
    for child in children:
        yield from _nodes(child)
