"""Turns FreeType's stem darkening off, so that text has the same weight in every theme.

Qt turns it on for fonts with CFF outlines, as Inter is packaged on Linux, and then blends glyphs in linear light: light
text on a dark background comes out a third heavier than in a browser, dark text a tenth. Without the darkening, Qt
blends them as a browser does, which is also faster. Qt has no setting for it.
"""

import ctypes
import sys

_GET_LIBRARY = "_Z14qt_getFreetypev"
"""``FT_Library qt_getFreetype()``: the library object of the calling thread."""


def disable_stem_darkening() -> bool:
    """Turn it off for this thread, before it draws text. Returns False if Qt's FreeType cannot be reached."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        qt = ctypes.CDLL("libQt6Gui.so.6")
        get_library, set_property = qt[_GET_LIBRARY], qt["FT_Property_Set"]
    except (OSError, AttributeError):  # Qt is linked statically, or keeps FreeType to itself
        return False
    get_library.restype = ctypes.c_void_p
    set_property.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p]
    off = ctypes.byref(ctypes.c_ubyte(1))
    return int(set_property(get_library(), b"cff", b"no-stem-darkening", off)) == 0
