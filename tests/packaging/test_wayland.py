"""The bundle on a Debian with Wayland, and without X11 except the libraries that Debian's libGL requires."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from chatdesk.desktop.theme import load_tokens
from tests.debian import Debian, child_of
from tests.e2e.pictures import area_of
from tests.e2e.weston import Weston

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the first test waits for the build, and for a Debian

_WAYLAND_ALONE = (
    *("libglib2.0-0", "libgl1", "libegl1", "libdbus-1-3", "libxkbcommon0", "libfontconfig1", "fonts-dejavu-core"),
    *("libwayland-cursor0", "libwayland-egl1"),
)
_HOST = ("host", "--bind", "127.0.0.1", "--port", "0", "--nickname", "Mara", "--no-discovery")
_HERO = load_tokens()["color"]["light"]["hero"]


@pytest.fixture(scope="module")
def weston() -> Iterator[Weston]:
    with Weston() as weston:
        weston.runtime.chmod(0o755)
        yield weston


@pytest.fixture(scope="module")
def debian(dist: Path, weston: Weston) -> Iterator[Debian]:
    with Debian(dist, packages=_WAYLAND_ALONE, shared=[weston.runtime]) as debian:
        assert "libxcb-cursor" not in debian.run("find", "/usr/lib", "-name", "libxcb*")
        yield debian


@pytest.mark.parametrize("desktop", ["GNOME", "KDE"])
def test_the_window_opens_on_wayland_alone(debian: Debian, weston: Weston, desktop: str) -> None:
    display = {
        "XDG_RUNTIME_DIR": str(weston.runtime),
        "WAYLAND_DISPLAY": "wayland-test",
        "XDG_CURRENT_DESKTOP": desktop,
    }
    process = debian.popen("/mnt/chatdesk/chatdesk", *_HOST, as_root=True, **display)
    assert process.stdout
    assert "is open at" in process.stdout.readline()
    end = time.monotonic() + 30
    while not area_of(QImage(str(weston.picture())), _HERO):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "the window was never to be seen"
        time.sleep(0.2)
    os.kill(child_of(process), signal.SIGTERM)
    assert process.communicate(timeout=60)[1] == ""
