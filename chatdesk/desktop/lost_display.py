"""Keeps the process alive when its display is gone, for as long as it takes to say goodbye.

Until then anything may still change the window: a title, another screen, a dialog. Such a change must not be the end.
"""

import ctypes
import sys

from PySide6 import QtGui
from PySide6.QtGui import QGuiApplication

_LIBRARY = "libX11.so.6"
_SAY_NOTHING = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(lambda _display: 0)
_GO_ON = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(lambda _display, _data: None)


def outlive_display() -> None:
    """Let windows be changed and shown without an effect from now on, in place of an end of the process."""
    for window in QGuiApplication.allWindows():
        window.destroy()  # what is drawn has no place any more, which Qt would complain of
    if sys.platform == "linux":
        _outlive_x11()


def _outlive_x11() -> None:
    """Replace what libX11 does where it waits for an answer, such as about a title beyond Latin-1: end the process.

    Before 1.7, of 2020, it cannot be kept from that.
    """
    qt = QGuiApplication.instance()
    native = qt.nativeInterface() if isinstance(qt, QGuiApplication) else None
    if isinstance(native, QtGui.QNativeInterface.QX11Application):  # of which the module knows on Linux alone
        library = ctypes.CDLL(_LIBRARY)
        library.XSetIOErrorHandler(_SAY_NOTHING)
        if hasattr(library, "XSetIOErrorExitHandler"):
            library.XSetIOErrorExitHandler(ctypes.c_void_p(native.display()), _GO_ON, None)
