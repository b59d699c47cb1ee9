"""Whether a window can open is checked before Qt is loaded, which would abort the process."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatdesk.desktop import display
from chatdesk.desktop.display import DisplayError, choose_platforms

NONE = "There is no display to open a window on."


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Path]:
    """A folder with a compositor listening at wayland-5, and the stale socket wayland-4."""
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "wayland-4"))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "wayland-5"))
        listening.listen()
        yield tmp_path


def problem(**environ: str) -> str:
    """Return why no window can open with these variables."""
    with pytest.raises(DisplayError) as error:
        choose_platforms(environ)
    return str(error.value)


def test_without_a_display_there_is_a_sentence() -> None:
    assert problem() == NONE
    assert problem(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="") == NONE
    assert problem(XDG_SESSION_TYPE="wayland", XDG_RUNTIME_DIR="/nowhere") == NONE


def test_a_display_that_nobody_serves_is_named(runtime: Path) -> None:
    closed = "The display {} does not let ChatDesk open a window."
    assert problem(DISPLAY=":4711") == closed.format(":4711")
    assert problem(DISPLAY="nonsense") == closed.format("nonsense")
    where = {"XDG_RUNTIME_DIR": str(runtime)}
    for name in ("wayland-4", "wayland-77", str(runtime / "wayland-4"), "x" * 200):
        assert problem(WAYLAND_DISPLAY=name, **where) == closed.format(name)
    both = closed.format("wayland-77") + " " + closed.format(":4711")
    assert problem(WAYLAND_DISPLAY="wayland-77", DISPLAY=":4711", **where) == both


def test_a_compositor_that_listens_is_taken(runtime: Path) -> None:
    assert choose_platforms({"XDG_RUNTIME_DIR": str(runtime), "WAYLAND_DISPLAY": "wayland-5"}) == "wayland"
    assert choose_platforms({"WAYLAND_DISPLAY": str(runtime / "wayland-5")}) == "wayland"
    assert choose_platforms({"WAYLAND_SOCKET": "7"}) == "wayland"


def test_a_relative_name_needs_its_folder() -> None:
    assert problem(WAYLAND_DISPLAY="wayland-5").startswith("XDG_RUNTIME_DIR is not set")


def test_what_answers_is_taken_where_something_else_does_not(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "_check_x11", lambda _environ: None)
    where = {"XDG_RUNTIME_DIR": str(runtime), "DISPLAY": ":0"}
    assert choose_platforms({**where, "WAYLAND_DISPLAY": "wayland-4"}) == "xcb"
    assert choose_platforms({**where, "XDG_SESSION_TYPE": "wayland"}) == "xcb"
    assert choose_platforms({**where, "WAYLAND_DISPLAY": "wayland-5"}) == "wayland;xcb"
    assert choose_platforms({**where, "WAYLAND_DISPLAY": "wayland-5", "QT_QPA_PLATFORM": "xcb"}) == "xcb"
    assert choose_platforms({**where, "QT_QPA_PLATFORM": "wayland;xcb"}) == "xcb"


def test_other_platforms_are_left_to_qt() -> None:
    assert choose_platforms({"QT_QPA_PLATFORM": "offscreen"}) == "offscreen"
    assert choose_platforms({"QT_QPA_PLATFORM": "vnc:port=5901"}) == "vnc:port=5901"


@pytest.mark.parametrize("kind", ["_X11_LIBRARIES", "_WAYLAND_LIBRARIES"])
def test_missing_libraries_are_named_by_their_packages(
    kind: str, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(display, kind, {"libnowhere.so.1": "libnowhere1", "libgone.so.2": "libgone2"})
    shown = {"DISPLAY": ":0"} if "X11" in kind else {"WAYLAND_DISPLAY": str(runtime / "wayland-5")}
    assert "apt install libnowhere1 libgone2." in problem(**shown)
    assert choose_platforms({"QT_QPA_PLATFORM": "offscreen"}) == "offscreen"
