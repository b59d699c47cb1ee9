"""Checks whether a window can open, before Qt is loaded: Qt aborts the process if it cannot.

Imports no Qt.
"""

import ctypes
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
}
_X11_LIBRARIES = {
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}

_LAUNCHERS = ("GIO_LAUNCHED_DESKTOP_FILE", "DESKTOP_STARTUP_ID", "XDG_ACTIVATION_TOKEN")
"""Variables that desktops set for programs they start. A shell in a terminal may inherit them."""

_NO_DISPLAY = "There is no display to open a window on."
_CONNECT_SECONDS = 5
"""A compositor answers within milliseconds; one that takes this long hangs."""


class DisplayError(Exception):
    """No window can open; the text is a sentence that says why."""


def started_from_icon(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a desktop has started the program, without a terminal to print to."""
    if sys.stderr is None:  # a windowed program on Windows
        return True
    launched = sys.platform == "darwin" or any(environ.get(name) for name in _LAUNCHERS)
    return launched and not sys.stderr.isatty()


def choose_platforms(environ: Mapping[str, str] = os.environ) -> str:
    """Return the platform plugins for Qt to try, in the form of ``QT_QPA_PLATFORM``; empty leaves it to Qt.

    They are the ones that Qt would try, without those whose display does not answer: Qt would print warnings about
    these. Raises DisplayError if none is left.
    """
    if not sys.platform.startswith("linux"):
        return ""
    available, problems = [], []
    for platform in _platforms(environ):
        try:
            _check(platform, environ)
            available.append(platform)
        except DisplayError as error:
            problems.append(str(error))
    if not available:
        specific = [problem for problem in problems if problem != _NO_DISPLAY]
        raise DisplayError(" ".join(specific) or _NO_DISPLAY)
    return ";".join(available)


def _platforms(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the plugins that Qt tries, in its order."""
    if chosen := environ.get("QT_QPA_PLATFORM"):
        yield from filter(None, chosen.split(";"))
        return
    if any(environ.get(name) for name in ("WAYLAND_DISPLAY", "WAYLAND_SOCKET")) or _is_wayland_session(environ):
        yield "wayland"
    yield "xcb"


def _is_wayland_session(environ: Mapping[str, str]) -> bool:
    return environ.get("XDG_SESSION_TYPE") == "wayland"


def _check(platform: str, environ: Mapping[str, str]) -> None:
    """Raise DisplayError if Qt's plugin could not open a window."""
    if platform.startswith("wayland"):
        _check_libraries(_LIBRARIES | _WAYLAND_LIBRARIES)
        _check_wayland(environ)
    elif platform.startswith("xcb"):
        _check_libraries(_LIBRARIES | _X11_LIBRARIES)
        _check_x11(environ)
    else:
        _check_libraries(_LIBRARIES)


def _check_libraries(libraries: dict[str, str]) -> None:
    missing = [package for library, package in libraries.items() if not _loads(library)]
    if missing:
        raise DisplayError(
            f"The window needs system libraries that are missing here. Install them: apt install {' '.join(missing)}."
        )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _check_x11(environ: Mapping[str, str]) -> None:
    """Connect to the X server as Qt's platform plugin would."""
    display = environ.get("DISPLAY")
    if not display:
        raise DisplayError(_NO_DISPLAY)
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    broken = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    if broken:
        raise DisplayError(f"The display {display} does not let ChatDesk open a window.")


def _check_wayland(environ: Mapping[str, str]) -> None:
    """Connect to the socket at which a Wayland compositor listens."""
    if environ.get("WAYLAND_SOCKET"):  # an inherited connection: testing it would use it up
        return
    display = environ.get("WAYLAND_DISPLAY") or "wayland-0"
    folder = environ.get("XDG_RUNTIME_DIR", "")
    if not (folder or display.startswith("/")):
        raise DisplayError(f"XDG_RUNTIME_DIR is not set: it says in which folder the display {display} is.")
    try:
        with socket.socket(socket.AF_UNIX) as compositor:
            compositor.settimeout(_CONNECT_SECONDS)
            compositor.connect(str(Path(folder, display)))
    except OSError:
        if "WAYLAND_DISPLAY" not in environ:
            raise DisplayError(_NO_DISPLAY) from None
        raise DisplayError(f"The display {display} does not let ChatDesk open a window.") from None
