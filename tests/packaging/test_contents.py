"""The bundle contains what the window needs, and nothing else of Qt."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from contents import UNUSED_MODULES, is_wanted

PACKAGING = Path(__file__).parents[2] / "packaging"
LIST_LEXERS = "import contents, json; print(json.dumps(contents.unused_lexers()))"
HIGHLIGHT = """
import json, sys
sys.modules.update(dict.fromkeys(json.load(sys.stdin)))
from chatdesk.markup.highlight import LANGUAGES, Highlighter
print({name: Highlighter().spans('<a b="c"/> "1" 2 -- = {}', name) for name in LANGUAGES})
"""


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/plugins/wayland-graphics-integration-client/libqt-plugin-wayland-egl.so",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "libQt6XcbQpa.so.6",
        "libxcb-cursor.so.0",
        "libglib-2.0.so.0",
        "libsqlite3.so.0",
        "websockets-17.4.dist-info/METADATA",
        "emoji/unicode_codes/emoji.json",
        "chatdesk/resources/web/index.html",
    ],
)
def test_what_the_window_needs_is_in_it(place: str) -> None:
    assert is_wanted(place)


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/plugins/imageformats/libqpdf.so",
        "PySide6/Qt/plugins/imageformats/libqwebp.so",
        "PySide6/Qt/plugins/wayland-graphics-integration-client/libvulkan-server.so",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt/translations/qt_de.qm",
        "libQt6EglFsKmsSupport.so.6",
        "Qt6Network.dll",
        "emoji/unicode_codes/emoji_ru.json",
        "libcairo.so.2",
        "libpangocairo-1.0.so.0",
        "libgio-2.0.so.0",
        "_sysconfigdata__linux_x86_64-linux-gnu",
        "websockets-17.4.dist-info/RECORD",
    ],
)
def test_what_it_does_not_use_stays_out(place: str) -> None:
    assert not is_wanted(place)


@pytest.mark.parametrize("name", ["GL", "EGL", "fontconfig", "stdc++", "dbus-1"])
def test_what_must_fit_the_machine_is_the_machines(name: str) -> None:
    assert not is_wanted(f"lib{name}.so.1")


def test_no_module_that_the_program_imports_is_left_out() -> None:
    assert not {"ssl", "sqlite3", "json", "asyncio", "PySide6.QtSvg", "PySide6.QtWidgets"} & set(UNUSED_MODULES)


def test_every_language_is_highlighted_without_the_lexers_that_stay_out() -> None:
    left_out = run(LIST_LEXERS)
    assert len(json.loads(left_out)) > 100
    assert run(HIGHLIGHT, left_out) == run(HIGHLIGHT, "[]")


def run(code: str, given: str = "") -> str:
    """The output of an interpreter that has loaded nothing yet."""
    places = {"PYTHONPATH": f"{PACKAGING}:{PACKAGING.parent}"}
    done = subprocess.run(
        [sys.executable, "-c", code], input=given, env=places, capture_output=True, text=True, check=True
    )
    return done.stdout
