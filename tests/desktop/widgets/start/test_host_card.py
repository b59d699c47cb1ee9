"""The Host card: its field, and the picture where there is room for it."""

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.start.host_card import HostCard


def has(image: QImage, color: QColor) -> bool:
    return any(
        image.pixelColor(x, y) == color for y in range(image.height() // 2, image.height(), 2) for x in range(0, 384, 4)
    )


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
@pytest.mark.parametrize(("height", "bubbles"), [(424, True), (270, False)])
def test_the_bubbles_are_painted_whole_or_not_at_all(
    qtbot: QtBot, qapp: QApplication, name: str, height: int, bubbles: bool
) -> None:
    theme = Theme(qapp, name)
    card = HostCard(theme)
    qtbot.addWidget(card)
    card.resize(384, height)
    image = card.grab().toImage()
    assert has(image, theme.color("lamp"))
    assert has(image, theme.color("hero-line")) is bubbles
    assert image.pixelColor(20, 20) == theme.color("hero")


def test_a_room_name_is_as_long_as_the_server_takes(qtbot: QtBot, qapp: QApplication) -> None:
    card = HostCard(Theme(qapp, "light"))
    qtbot.addWidget(card)
    card.set_room_name("x" * 200)
    said: list[str] = []
    card.host.connect(said.append)
    card._submit()
    assert said == ["x" * 64]
