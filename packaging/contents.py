"""What a bundle contains, and which parts of Qt, Python and other libraries it omits."""

import pkgutil
import re
import sys

import pygments.lexers

from chatdesk.markup.highlight import LANGUAGES

HIDDEN_MODULES = ("uvloop.loop", "emoji", "em", "precis_i18n.factory", "forwarded", "proxyprotocol.detect")
"""Modules whose import the analysis cannot see: compiled code imports them, or ours does when it is needed."""

WHOLE_PACKAGES = ("zeroconf", "msgspec")
"""Packages whose compiled modules import each other, so that all of them are included."""

DATA_PACKAGES = ("anyascii", "emoji", "em", "mnemonic")
"""Packages that read data files beside their modules."""

_UNUSED_QT_MODULES = ("QtNetwork", "QtOpenGL", "QtPdf", "QtQml", "QtQuick", "QtSql", "QtTest", "QtXml")
UNUSED_MODULES = (
    *(f"PySide6.{name}" for name in _UNUSED_QT_MODULES),
    *("cmd", "code", "curses", "doctest", "ensurepip", "idlelib", "lib2to3", "pdb", "pydoc", "readline", "test"),
    *("tkinter", "turtle", "unittest"),
    *(
        "PIL",
        "attr",
        "attrs",
        "chardet",
        "distutils",
        "hypothesis",
        "mypy",
        "numpy",
        "pip",
        "pkg_resources",
        "pyinstrument",
    ),
    *("pytest", "setuptools"),
    *("pygments.cmdline", "pygments.formatters", "pygments.sphinxext", "pygments.styles"),
    *("websockets.cli", "websockets.legacy", "websockets.sync", "websockets.trio"),
    "redis",  # half a megabyte for machines that are set up by uv anyway; --cluster says so
    *("_pydatetime", "_pydecimal", "_pyio"),  # the compiled ones are always there
)
"""Modules that are imported by some package, although the program does not need them."""

_UNUSED_PLUGINS = (
    *("designer", "egldeviceintegrations", "generic", "networkinformation", "printsupport", "qmltooling", "sqldrivers"),
    *("tls", "vectorimageformats", "wayland-graphics-integration-server"),
    *("imageformats/libqpdf", "imageformats/libqtga", "imageformats/libqtiff", "imageformats/libqwbmp"),
    *("imageformats/libqgif", "imageformats/libqicns", "imageformats/libqico", "imageformats/libqjpeg"),
    *("imageformats/libqwebp", "platforminputcontexts/libqtvirtualkeyboard", "platformthemes/libqgtk3"),
    *("platforms/libqeglfs", "platforms/libqlinuxfb", "platforms/libqminimal", "platforms/libqvkkhrdisplay"),
    *("platforms/libqvnc", "wayland-shell-integration/libivi", "wayland-shell-integration/libfullscreen"),
    "wayland-shell-integration/libqt-shell",
    *(
        f"wayland-graphics-integration-client/lib{name}-server"
        for name in ("dmabuf", "drm-egl", "shm-emulation", "vulkan")
    ),
)
"""Among them all formats of pictures but SVG and those in Qt itself: no picture comes from outside, ours are SVG."""
_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/(?P<plugin>.+)")
_UNUSED_QT = re.compile(
    r"(?:lib)?Qt6?(Designer|EglF[Ss]|Help|Labs|Lottie|Network|Pdf|PrintSupport|Qml|Quick|Sql|Test|UiTools|VirtualKeyboard"
    r"|WaylandCompositor|Xml)"
)
_GTK = re.compile(
    r"lib(atk|atspi|blkid|brotli\w+|cairo|com_err|datrie|epoxy|fribidi|gdk\w*|gio|gobject|gmodule|graphite2|gssapi_krb5"
    r"|gtk|harfbuzz|jpeg|k5crypto|keyutils|krb5\w*|mount|pango\w*|pixman|png16|readline|selinux|thai|tinfo"
    r"|Xcomposite|Xcursor|Xdamage|Xext|Xfixes|Xi|Xinerama|Xrandr|Xrender|bsd|md)[-.]"
)
_OF_THE_SYSTEM = re.compile(
    r"lib(GL|EGL|GLX|GLdispatch|OpenGL|gbm|drm|fontconfig|freetype|expat|stdc\+\+|gcc_s|X11|X11-xcb|Xau|Xdmcp|z"
    r"|dbus-1|systemd|gcrypt|gpg-error|cap|lz4|zstd)\.so"
)
_OTHER_LANGUAGES = re.compile(r"emoji/unicode_codes/emoji_\w+\.json$")
"""Names of emoji that nobody asks for, four megabytes."""
_OTHER_WORDS = re.compile(r"mnemonic/wordlist/(?!english)")
"""Lists of words in languages in which nobody compares keys."""
_OF_THE_BUILD = re.compile(r"(RECORD|INSTALLER|REQUESTED|direct_url\.json)$|_sysconfigdata_")


def unused_lexers() -> list[str]:
    """Return the modules of Pygments for the hundreds of languages that are not highlighted."""
    for name in LANGUAGES.values():
        list(pygments.lexers.get_lexer_by_name(name).get_tokens("<a> x"))  # which loads the words that it knows
    modules = pkgutil.iter_modules(pygments.lexers.__path__, "pygments.lexers.")
    return [module.name for module in modules if module.name not in sys.modules]


def is_wanted(destination: str) -> bool:
    """Return whether a file belongs in the bundle, by its path there.

    Omitted are Qt's translations, plugins and libraries of Qt that a window of widgets does not use, the GTK
    theme with its dependencies, libraries that must match the graphics driver or the fonts of the user's machine, and
    files that describe the machine of the build.
    """
    path = destination.replace("\\", "/")
    name = path.rpartition("/")[2]
    plugin = _PLUGIN.match(path)
    if plugin:
        return not plugin["plugin"].startswith(_UNUSED_PLUGINS)
    return not (
        "/translations/" in path
        or _OTHER_LANGUAGES.search(path)
        or _OTHER_WORDS.search(path)
        or _UNUSED_QT.match(name)
        or _GTK.match(name)
        or _OF_THE_SYSTEM.match(name)
        or _OF_THE_BUILD.match(name)
    )
