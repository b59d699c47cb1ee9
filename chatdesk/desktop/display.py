"""Whether a window can open here, found out before Qt is asked: Qt ends the process where it cannot.

Imports no Qt.
"""

import ctypes
import os
import sys
from collections.abc import Mapping

_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
}
_X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


_LAUNCHERS = ("GIO_LAUNCHED_DESKTOP_FILE", "DESKTOP_STARTUP_ID", "XDG_ACTIVATION_TOKEN")
"""Variables by which desktops follow what they start; a shell in a terminal may inherit them."""


def started_from_icon(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether nobody reads what the program prints: no terminal, but a desktop has started it."""
    if sys.stderr is None:  # a program with a window, on Windows
        return True
    launched = sys.platform == "darwin" or any(environ.get(name) for name in _LAUNCHERS)
    return launched and not sys.stderr.isatty()


def display_problem(environ: Mapping[str, str] = os.environ) -> str | None:
    """Why no window can open, as a sentence that says what to do; None where one can."""
    if not sys.platform.startswith("linux"):
        return None
    chosen = environ.get("QT_QPA_PLATFORM", "")
    on_x11 = chosen.startswith("xcb") or not (chosen or environ.get("WAYLAND_DISPLAY"))
    missing = _missing(_LIBRARIES | _X11_LIBRARIES if on_x11 else _LIBRARIES)
    if missing:
        return (
            f"The window needs system libraries that are missing here. Install them: apt install {' '.join(missing)}."
        )
    if on_x11 and not environ.get("DISPLAY"):
        return "There is no display to open a window on."
    if on_x11 and not _connects(environ["DISPLAY"]):
        return f"The display {environ['DISPLAY']} does not let ChatDesk open a window."
    return None


def _missing(libraries: dict[str, str]) -> list[str]:
    return [package for library, package in libraries.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _connects(display: str) -> bool:
    """Try the display as Qt's platform plugin would."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    broken = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not broken
