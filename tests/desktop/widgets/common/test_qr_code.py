"""QR codes: what is painted can be read by a phone."""

import pytest
import segno
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.qr_code import QrCode, paint_qr, qr_image, qr_print_image

URL = "http://192.168.4.20:8080/"


def sampled(image: QImage, left: int, module: int, count: int) -> list[list[bool]]:
    """Sample the middle of each module of a painted code: dark or not."""
    middle = left + module // 2
    return [
        [image.pixelColor(middle + x * module, middle + y * module).value() < 128 for x in range(count)]
        for y in range(count)
    ]


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_every_module_is_whole_and_the_margin_white_in_every_theme(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    theme = Theme(qapp, name)
    code = QrCode(theme, 376)
    qtbot.addWidget(code)
    code.set_url(URL)
    code.resize(code.sizeHint())
    image = code.grab().toImage()
    wanted = [[bool(dark) for dark in row] for row in segno.make(URL, micro=False).matrix]
    module = 376 // (len(wanted) + 8)
    left = round((376 - module * len(wanted)) / 2)
    assert sampled(image, left, module, len(wanted)) == wanted
    white = [image.pixelColor(left - distance, 188) for distance in range(1, 4 * module + 1)]
    assert all(pixel.name() == "#ffffff" for pixel in white)
    pixels = {image.pixelColor(left + x, left + y).name() for x in range(7 * module) for y in range(7 * module)}
    assert pixels == {theme.color("qr-dark").name(), "#ffffff"}


@pytest.mark.parametrize(("room", "side"), [((500, 400), 376), ((300, 400), 300), ((400, 155), 155), ((90, 20), 124)])
def test_in_less_room_it_shrinks_and_stays_legible(
    qtbot: QtBot, qapp: QApplication, room: tuple[int, int], side: int
) -> None:
    code = QrCode(Theme(qapp, "light"), 376)
    qtbot.addWidget(code)
    code.set_url(URL)
    assert code.fit_to_size(*room) == side
    code.resize(code.sizeHint())
    wanted = [[bool(dark) for dark in row] for row in segno.make(URL, micro=False).matrix]
    module = side // (len(wanted) + 8)
    assert module >= 3
    left = round((side - module * len(wanted)) / 2)
    assert left >= 4 * module
    assert sampled(code.grab().toImage(), left, module, len(wanted)) == wanted


def test_on_a_dense_screen_modules_are_whole_device_pixels(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    image = QImage(301, 301, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(1.5)
    painter = QPainter(image)
    paint_qr(painter, QRectF(0, 0, 301 / 1.5, 301 / 1.5), 0, qr_image(URL), theme)
    painter.end()
    assert {image.pixelColor(x, y).name() for x in range(301) for y in range(301)} == {"#16191b", "#ffffff"}


def test_its_accessible_name_has_the_address(qtbot: QtBot, qapp: QApplication) -> None:
    code = QrCode(Theme(qapp, "light"), 200)
    qtbot.addWidget(code)
    code.set_url(URL)
    assert code.accessibleName() == f"QR code of {URL}"
    assert not code.grab().isNull()


def test_a_picture_has_the_code_in_large_modules_with_its_margin(qapp: QApplication) -> None:
    picture, code = qr_print_image(URL), segno.make(URL, micro=False)
    count = len(code.matrix)
    module = picture.width() // (count + 8)
    margin = 4 * module
    assert picture.size().toTuple() == (module * (count + 8),) * 2
    assert sampled(picture.copy(margin, margin, count * module, count * module), 0, module, count) == [
        [bool(dark) for dark in row] for row in code.matrix
    ]
    assert {picture.pixelColor(x, margin - 1).name() for x in range(picture.width())} == {"#ffffff"}
