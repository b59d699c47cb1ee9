"""The projector: a large QR code, and no controls."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.dialogs.projector import Projector
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.theme import Theme
from chatdesk.discovery.networks import NetworkKind
from tests.desktop.invitations import AT_CABLE, AT_LONGEST, AT_WIFI, network

LONG_WIFI = Invitation(
    "192.168.104.200",
    18080,
    network("wlan0", NetworkKind.WIFI, "192.168.104.200", name="The network of the whole school"),
)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "dark", 2.0)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def projector(qtbot: QtBot, theme: Theme, window: QWidget) -> Projector:
    made = Projector(theme, window)
    made.set_people(31)
    made.set_invitation(AT_WIFI)
    made.show_for("Robotics Workshop")
    return made


def picture(projector: Projector, width: int, height: int) -> QImage:
    projector.setWindowState(Qt.WindowState.WindowNoState)
    projector.resize(width, height)
    return projector.grab().toImage()


def words(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Record the texts painted from now on."""
    drawn: list[object] = []
    draw = QPainter.drawText
    monkeypatch.setattr(QPainter, "drawText", lambda *given: (drawn.append(given[-1]), draw(*given)))
    return drawn


def white_panel_height(image: QImage) -> int:
    """Return the height of the QR code's white panel, along its left margin."""
    x = round(image.width() * 64 / 1280) + 20
    return sum(image.pixelColor(x, y).name() == "#ffffff" for y in range(image.height()))


def test_it_fills_the_screen_and_says_what_it_shows(projector: Projector) -> None:
    assert projector.isFullScreen()
    assert projector.accessibleName() == "Scan to join Robotics Workshop, or open a browser at 192.168.4.20:8080"
    said = f"Wi-Fi Workshop-5G. Code {AT_WIFI.code}. 31 people are in. Escape ends it."
    assert projector.accessibleDescription() == said
    projector.set_invitation(None)
    projector.set_people(1)
    assert projector.accessibleDescription() == "1 person is in. Escape ends it."
    assert projector.findChildren(QWidget) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_the_code_has_three_quarters_of_the_height(projector: Projector, width: int, height: int) -> None:
    assert white_panel_height(picture(projector, width, height)) == pytest.approx(height * 0.75, rel=0.03)


def test_words_stay_within_the_screen(projector: Projector) -> None:
    for width, height in ((1280, 720), (1024, 768), (1920, 800)):
        projector.set_invitation(LONG_WIFI)
        projector.show_for("A room with a name that nobody would ever shorten")
        image = picture(projector, width, height)
        ground = image.pixelColor(2, 2)
        edge = [image.pixelColor(width - 4, y) for y in range(0, height, 3)]
        assert all(pixel == ground for pixel in edge)


@pytest.mark.parametrize("address", ["10.0.0.2", "192.168.104.200", "fd00:1234:5678:9abc:def0:1234:5678:9abc"])
@pytest.mark.parametrize(("width", "height"), [(960, 540), (1024, 768), (1280, 720), (1366, 768), (1920, 1080)])
def test_the_address_is_never_cut(
    projector: Projector, monkeypatch: pytest.MonkeyPatch, address: str, width: int, height: int
) -> None:
    entrance = Invitation(address, 18080)
    projector.set_invitation(entrance)
    drawn = words(monkeypatch)
    picture(projector, width, height)
    assert entrance.url.removeprefix("http://") in drawn


def test_the_wifi_and_the_code_are_named_where_they_are_known(
    projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = words(monkeypatch)
    picture(projector, 1280, 720)
    assert drawn[4:8] == ["Wi-Fi", "Workshop-5G", "Code", AT_WIFI.code]
    drawn.clear()
    projector.set_invitation(AT_CABLE)
    picture(projector, 1280, 720)
    assert drawn[4:6] == ["Code", AT_CABLE.code]
    drawn.clear()
    projector.set_invitation(AT_LONGEST)
    picture(projector, 1280, 720)
    assert not {"Wi-Fi", "Code"} & set(drawn)


def test_an_address_that_changes_is_shown_at_once(projector: Projector, monkeypatch: pytest.MonkeyPatch) -> None:
    projector.set_invitation(AT_CABLE)
    assert projector.accessibleName() == "Scan to join Robotics Workshop, or open a browser at 10.1.2.3:8080"
    projector.set_invitation(None)
    assert projector.accessibleName() == "Nobody can join Robotics Workshop: there is no network"
    drawn = words(monkeypatch)
    picture(projector, 1280, 720)
    assert "No network" in drawn


def test_one_person_is_in_and_two_are(projector: Projector, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = words(monkeypatch)
    for number, people in ((1, "person is in"), (2, "people are in")):
        projector.set_people(number)
        picture(projector, 1280, 720)
        assert drawn[-2:] == [str(number), people]


def test_a_new_number_of_people_is_shown(projector: Projector) -> None:
    before = picture(projector, 1280, 720)
    projector.set_people(32)
    assert picture(projector, 1280, 720) != before


def test_escape_ends_it(projector: Projector, qtbot: QtBot) -> None:
    qtbot.keyClick(projector, Qt.Key.Key_A)
    assert projector.isVisible()
    qtbot.keyClick(projector, Qt.Key.Key_Escape)
    assert not projector.isVisible()


def test_a_click_ends_it(projector: Projector, qtbot: QtBot) -> None:
    qtbot.mouseClick(projector, Qt.MouseButton.LeftButton)
    assert not projector.isVisible()
