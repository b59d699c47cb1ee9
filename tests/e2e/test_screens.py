"""The real window on many kinds of screens: all of it is visible, wherever it was before."""

import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from PySide6.QtGui import QImage

from chatdesk.desktop.theme import load_tokens
from tests.e2e.hosting import hosting
from tests.e2e.pictures import area_of
from tests.e2e.screen import Place, Screen
from tests.e2e.weston import Weston
from tests.e2e.window import Window

_HOST = ("host", "--bind", "127.0.0.1", "--port", "0", "--name", "Robotics Workshop", "--nickname", "Mara")
_CHAT = "Robotics Workshop"
_PANEL = 40  # pixels, about as high as those of desktops
_TOKENS = load_tokens()
_COLOR = _TOKENS["color"]["light"]
_COMPOSER = _TOKENS["size"]["composer"]
_EDGES = _COMPOSER["side"], _COMPOSER["bottom"]


class Managed(Screen):
    """A screen with a window manager that draws frames, and reserves space for a panel at the bottom."""

    def __enter__(self) -> Self:
        super().__enter__()
        self._folder = tempfile.TemporaryDirectory(prefix="chatdesk-openbox-")
        settings = Path(self._folder.name, "rc.xml")
        margins = f"<margins><top>0</top><bottom>{_PANEL}</bottom><left>0</left><right>0</right></margins>"
        settings.write_text(f'<openbox_config xmlns="http://openbox.org/3.4/rc">{margins}</openbox_config>')
        command = ["openbox", "--config-file", settings, "--sm-disable"]
        self._manager = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait_for_manager()
        return self

    def _wait_for_manager(self, seconds: float = 20) -> None:
        """A window that is there before it gets its frame around the place where it is, beyond the edges."""
        command, end = ["xdotool", "get_num_desktops"], time.monotonic() + seconds
        while subprocess.run(command, env=self.environment, capture_output=True, check=False).returncode:
            assert time.monotonic() < end, "there is no window manager"
            time.sleep(0.05)

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._manager.kill()
        self._manager.wait(10)
        self._folder.cleanup()
        super().__exit__(exc_type, exc, traceback)


def settled(look: Callable[[], Place], seconds: float = 20) -> Place:
    """Return where a window is, once three measurements in a row agree."""
    end = time.monotonic() + seconds
    places: list[Place] = []
    while len(places) < 3 or len(set(places[-3:])) > 1:
        assert time.monotonic() < end, places
        places.append(look())
        time.sleep(0.2)
    return places[-1]


def fits(place: Place, width: int, height: int) -> bool:
    return place[0] >= 0 and place[1] >= 0 and place[0] + place[2] <= width and place[1] + place[3] <= height


@pytest.mark.parametrize(
    ("size", "scale"),
    [((1920, 1080), "1.5"), ((800, 480), "1")],
)
def test_the_first_chat_window_is_on_the_screen_beside_a_panel(
    size: tuple[int, int], scale: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", scale)
    screen = Managed(*size)
    with Window(tmp_path, *_HOST, screen=screen) as window:
        window.wait_for_title(_CHAT)
        place = settled(lambda: screen.place(_CHAT))
        assert fits(place, size[0], size[1] - _PANEL), place
        assert place[2] >= min(900, size[0] - 100)  # and not smaller than necessary


@pytest.mark.slow
def test_what_was_on_a_large_screen_is_on_a_small_one_the_next_time(tmp_path: Path) -> None:
    for size in ((2560, 1440), (1024, 600)):
        screen = Managed(*size)
        with Window(tmp_path, *_HOST, screen=screen) as window:
            window.wait_for_title(_CHAT)
            place = settled(lambda screen=screen: screen.place(_CHAT))
            assert fits(place, size[0], size[1] - _PANEL), place
            screen.drag_to(_CHAT, 1300, 600)
            settled(lambda screen=screen: screen.place(_CHAT))
            screen.close_window(_CHAT)
            assert window.wait_until_gone() == (0, "")


@pytest.mark.parametrize("desktop", ["GNOME", "KDE"])  # their window frames differ
def test_all_of_the_first_chat_window_is_to_be_seen_on_wayland(desktop: str, tmp_path: Path) -> None:
    with Weston(1366, 768) as weston:
        environment = {**weston.environment, "HOME": str(tmp_path), "XDG_CURRENT_DESKTOP": desktop}
        with hosting({**environment, "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}) as chat:
            end = time.monotonic() + 20
            while (found := _right_of_composer(QImage(str(weston.picture())))) != pytest.approx(_EDGES, abs=2):
                assert time.monotonic() < end, found
            chat.process.terminate()
            chat.process.communicate(timeout=20)


def _right_of_composer(shown: QImage) -> tuple[int, int]:
    """Return how much of the chat's background is visible right of the composer, and below it."""
    ground, edge = area_of(shown, _COLOR["surface"]), area_of(shown, _COLOR["border-strong"])
    return ground.right() - edge.right(), ground.bottom() - edge.bottom()
