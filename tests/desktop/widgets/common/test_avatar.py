"""Avatars: the sharper corner is next to the text, and each presence has a shape."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.avatar import Author, Avatar, author_ink, paint_author, paint_avatar
from chatdesk.protocol.appearance import hue
from chatdesk.protocol.events import Message


def painted(theme: Theme, presence: str | None = None, direction: Qt.LayoutDirection | None = None) -> QImage:
    image = QImage(36, 36, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    if direction is not None:
        painter.setLayoutDirection(direction)
    paint_avatar(painter, QRectF(0, 0, 36, 36), "Mara Lindqvist", theme, presence)
    painter.end()
    return image


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_corner_towards_the_text_is_filled_and_the_others_are_round(
    qapp: QApplication, direction: Qt.LayoutDirection
) -> None:
    image = painted(Theme(qapp, "light"), direction=direction)
    filled = [image.pixelColor(x, y).alpha() > 200 for x, y in ((3, 3), (32, 3), (3, 32), (32, 32))]
    mirrored = direction is Qt.LayoutDirection.RightToLeft
    assert filled == [mirrored, not mirrored, False, False]


def test_the_disc_has_the_hue_of_the_name(qapp: QApplication) -> None:
    theme = Theme(qapp, "dark")
    assert painted(theme).pixelColor(18, 4) == theme.avatar(hue("Mara Lindqvist"))[0]


def test_each_presence_has_a_shape_of_its_own(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    shapes = {
        presence: bytes(painted(theme, presence).convertToFormat(QImage.Format.Format_Alpha8).constBits())
        for presence in ("online", "away", "offline")
    }
    assert len(set(shapes.values())) == 3
    assert painted(theme, "busy").pixelColor(31, 31) == theme.color("surface-raised")


def test_the_widget_grows_with_the_text(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    avatar = Avatar(theme, 32, "Mara")
    qtbot.addWidget(avatar)
    before = avatar.width()
    theme.set_scale(2)
    assert (before, avatar.width()) == (33, 65)


def test_questions_without_a_name_all_look_alike(qapp: QApplication) -> None:
    theme = Theme(qapp, "dark")

    def drawn(author: Author) -> QImage:
        image = QImage(36, 36, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        paint_author(painter, QRectF(0, 0, 36, 36), author, theme)
        painter.end()
        return image

    first, other = (Message("Without a name", "Why?", "", author=author, nameless=True) for author in ("n1", "n2"))
    named = Message("Without a name", "Why?", "", author="n1")
    assert drawn(first) == drawn(other) != drawn(named)
    assert drawn(first).pixelColor(18, 3) == theme.color("surface-sunken")
    assert author_ink(theme, first) == theme.color("text-muted") != author_ink(theme, named)
