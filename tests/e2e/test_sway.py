"""The real window in a tiling Wayland compositor: in its tile, with its menus, on two screens, at two scales."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage

from chatdesk.desktop.theme import load_tokens
from tests.e2e.hosting import Hosting, hosting
from tests.e2e.peer import Peer
from tests.e2e.pictures import area_changed, area_of
from tests.e2e.sway import GROUND, Node, Sway

pytestmark = pytest.mark.timeout(360)
"""The first one installs the compositor in a Debian of its own, which takes minutes beside other work."""

_COLOR = load_tokens()["color"]["light"]
_CHAT = "ChatDesk – ChatDesk"
_GAP = 60
_SIDEBAR = load_tokens()["size"]["sidebar"]["default"]


@pytest.fixture(scope="module")
def sway() -> Iterator[Sway]:
    with Sway("1200x768", "1024x768") as sway:  # narrower than 1280, where people have their own column
        yield sway


@contextmanager
def opened(sway: Sway, home: Path) -> Iterator[Hosting]:
    """A window that hosts a chat, tiled alone on the first screen."""
    with hosting({**sway.environment, "HOME": str(home), "XDG_DATA_HOME": str(home)}) as chat:
        sway.wait_for_window(_CHAT)
        yield chat
        chat.process.terminate()
        assert (chat.process.communicate(timeout=20)[1], chat.process.returncode) == ("", 0)


@pytest.fixture(scope="module")
def chat(sway: Sway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosting]:
    """The chat of the tests from the first that asks for it on, in this order: in the first ones nobody has spoken."""
    with opened(sway, tmp_path_factory.mktemp("home")) as chat:
        yield chat


@contextmanager
def changed_setting(sway: Sway, command: str, back: str) -> Iterator[None]:
    """Change a setting of the compositor while the context is open."""
    sway.tell(*command.split())
    try:
        yield
    finally:
        sway.tell(*back.split())


def rect(window: Node) -> QRect:
    return QRect(*(window["rect"][name] for name in ("x", "y", "width", "height")))


def picture(sway: Sway, place: QRect) -> QImage:
    """Return a picture of this part of the screens."""
    return QImage(str(sway.picture((place.x(), place.y(), place.width(), place.height()))))


def until[Found](look: Callable[[], Found], is_right: Callable[[Found], object]) -> Found:
    """Return the result of ``look`` as soon as ``is_right`` accepts it."""
    end = time.monotonic() + 20
    while not is_right(found := look()):
        assert time.monotonic() < end, found
    return found


def button_in(sway: Sway, tile: QRect) -> QRect:
    """Return where the filled button of a chat is: *Send* or, in an empty room, the one of the projector."""

    def is_right(shown: QImage) -> bool:
        return _is_chat(shown) and not area_of(shown, GROUND) and bool(area_of(shown, _COLOR["accent"]))

    shown = until(lambda: picture(sway, tile), is_right)
    scale = shown.width() / tile.width()
    button = area_of(shown, _COLOR["accent"])
    return QRect(tile.topLeft() + button.topLeft() / scale, button.size() / scale)


def _is_chat(shown: QImage) -> bool:
    """Return whether a chat is shown; on the start screen the background is that of a chat's sidebar."""
    return area_of(shown, _COLOR["background"]).width() < shown.width() // 2


@pytest.mark.parametrize(("size", "scale"), [("1200x768", 1), ("1800x1080", 1.5), ("800x480", 1.5)])
def test_a_chat_fills_its_tile_and_no_more(sway: Sway, tmp_path: Path, size: str, scale: float) -> None:
    output = "output HEADLESS-1 resolution {} scale {}"
    screen = changed_setting(sway, output.format(size, scale), output.format("1200x768", 1))
    with screen, opened(sway, tmp_path) as chat, Peer(chat.socket, "Kit") as kit:
        kit.say("Good morning")
        tile = rect(sway.wait_for_window(_CHAT))
        sway.type("Good morning Kit")
        button = button_in(sway, tile)
        assert max((tile.bottomRight() - button.bottomRight()).toTuple()) < 60, button
        sway.click(*button.center().toTuple())
        kit.hear("Good morning Kit")


def test_a_floating_window_is_on_the_screen(sway: Sway, tmp_path: Path) -> None:
    screen = changed_setting(sway, "output HEADLESS-1 resolution 1024x600", "output HEADLESS-1 resolution 1200x768")
    with screen, opened(sway, tmp_path):
        sway.tell("floating", "enable")
        window = sway.wait_for_window(_CHAT, lambda node: node["type"] == "floating_con")
        assert QRect(0, 0, 1024, 600).contains(rect(window))


@pytest.mark.usefixtures("chat")
def test_the_menu_of_the_chat_opens_at_its_button(sway: Sway) -> None:
    with changed_setting(sway, f"gaps outer all set {_GAP}", "gaps outer all set 0"):
        tile = rect(sway.wait_for_window(_CHAT, lambda node: node["rect"]["x"] == _GAP))
        button_in(sway, tile)
        left = QRect(tile.topLeft(), QSize(280, 600))
        before = picture(sway, left)
        sway.click(tile.x() + 60, tile.y() + 26)
        menu = until(lambda: area_changed(before, picture(sway, left)), lambda area: area.height() > 200)
        assert (menu.x(), menu.y()) == pytest.approx((12, 52), abs=30)
        sway.press("Escape")


@pytest.mark.usefixtures("chat")
def test_the_projector_takes_the_other_screen(sway: Sway) -> None:
    button = button_in(sway, rect(sway.wait_for_window(_CHAT)))
    sway.click(*button.center().toTuple())
    hall = rect(sway.wait_for_window("ChatDesk", lambda node: node["fullscreen_mode"] == 1))
    assert hall == QRect(1200, 0, 1024, 768)
    until(lambda: area_of(picture(sway, hall), _COLOR["hero"]), lambda area: area.size() == hall.size())
    sway.press("Escape")


def test_the_address_is_copied_and_pasted(sway: Sway, chat: Hosting) -> None:
    with Peer(chat.socket, "Kit") as kit:
        kit.say("What is the address?")
        tile = rect(sway.wait_for_window(_CHAT))
        until(lambda: picture(sway, tile), _is_chat)
        sway.click(tile.x() + 110, tile.y() + 96)
        until(sway.clipboard, lambda copied: copied == chat.url)
        sway.click(tile.center().x(), tile.bottom() - 40)
        sway.press("v", "ctrl")
        sway.press("Return")
        kit.hear(chat.url)


@pytest.mark.usefixtures("chat")
def test_the_sidebar_is_dragged_wider(sway: Sway) -> None:
    tile = rect(sway.wait_for_window(_CHAT))

    def width() -> int:
        return area_of(picture(sway, tile), _COLOR["background"]).width()

    until(width, lambda width: width == _SIDEBAR - 1)
    sway.drag(tile.x() + _SIDEBAR, tile.y() + 400, 60)
    until(width, lambda width: width == _SIDEBAR + 59)
