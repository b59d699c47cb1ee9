"""The bundle contains what the window needs, and nothing else of Qt."""

import pytest
from contents import UNUSED_MODULES, is_wanted


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
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
