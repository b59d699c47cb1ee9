"""All icons are painted, crisp and in the requested colour."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.icons import app_icon, icon, paint_icon, pixmap
from chatdesk.desktop.theme import Theme
from chatdesk.paths import resources

NAMES = sorted(path.stem for path in (resources() / "icons").glob("*.svg") if not path.stem.startswith("mark"))
"""All but the two of the app's mark, which have colours of their own."""


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_in_the_colour_of_its_text(qapp: QApplication, name: str) -> None:
    theme = Theme(qapp, "light")
    image = pixmap(theme, name, "danger", 20, ratio=2).toImage()
    assert (image.width(), image.devicePixelRatio()) == (40, 2)
    solid = [image.pixelColor(x, y) for x in range(40) for y in range(40) if image.pixelColor(x, y).alpha() == 255]
    assert solid
    assert {color.name() for color in solid} == {theme.color("danger").name()}


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_stands_on_the_same_grid_with_the_same_stroke(name: str) -> None:
    root = ElementTree.fromstring(Path(resources() / "icons" / f"{name}.svg").read_text("utf-8"))
    assert (root.get("viewBox"), root.get("stroke-width"), root.get("stroke-linecap")) == ("0 0 20 20", "1.5", "round")


def test_an_icon_has_a_picture_for_sharp_screens(qapp: QApplication) -> None:
    drawn = icon(Theme(qapp, "dark"), "send", size=18)
    assert {size.width() for size in drawn.availableSizes()} == {18, 36, 54}


def test_an_icon_can_be_painted_into_a_rectangle(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    image = QImage(20, 20, QImage.Format.Format_RGB32)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    paint_icon(painter, QRectF(0, 0, 20, 20), "hash", theme.color("accent"))
    painter.end()
    assert image.pixelColor(7, 7) != theme.color("surface")


def test_the_mark_is_made_of_whole_pixels_at_16(qapp: QApplication) -> None:
    image = app_icon().pixmap(16, 16).toImage()
    assert image.pixelColor(8, 5).name() == "#fbf8f3"
    assert image.pixelColor(8, 11).name() == "#f1ab34"
    assert image.pixelColor(8, 14).name() == "#024d58"
