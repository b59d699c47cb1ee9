"""Letters as heavy as they are drawn, in every theme.

Qt turns FreeType's stem darkening on for fonts with CFF outlines, as Inter is packaged on Linux, and then blends these
in linear light: light text on a dark ground comes out a third heavier than in a browser, dark text a tenth. Without the
darkening Qt blends them as a browser does, which is faster too. No setting of Qt's leads there.
"""

import ctypes
import sys

_GET_LIBRARY = "_Z14qt_getFreetypev"
"""``FT_Library qt_getFreetype()``, the one of the calling thread."""


def disable_stem_darkening() -> bool:
    """Call it before this thread draws text. False where Qt has no FreeType that can be asked: letters stay as is."""
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
