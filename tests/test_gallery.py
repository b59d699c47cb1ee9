"""Every screen and state of window and page is as it was approved; and what is wrong would be noticed."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.theme import load_tokens
from tests.gallery.compare import compare
from tests.gallery.pictures import APPROVED, approve, judge

COLORS = load_tokens()["color"]["light"]


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.timeout(400)
def test_every_picture_is_as_it_was_approved(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.gallery", "--folder", str(tmp_path / "pictures")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=380, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def approved(name: str) -> QImage:
    image = QImage(str(APPROVED / f"{name}.webp"))
    assert not image.isNull()
    return image.convertToFormat(QImage.Format.Format_RGB32)


def changed(image: QImage, rect: QRect, color: str) -> QImage:
    """The same picture, with something painted over."""
    other = image.copy()
    painter = QPainter(other)
    painter.fillRect(rect, QColor(color))
    painter.end()
    return other


def moved(image: QImage, rect: QRect, dx: int, dy: int) -> QImage:
    """The same picture, with a part of it elsewhere."""
    other = image.copy()
    painter = QPainter(other)
    painter.drawImage(rect.translated(dx, dy), image, rect)
    painter.end()
    return other


def test_a_hairline_that_has_moved_by_a_pixel_is_noticed_and_named(qapp: QApplication) -> None:
    right = approved("window-host-light")
    wrong = moved(right, QRect(300, 49, 900, 3), 0, 1)
    assert right.pixelColor(700, 51) == QColor(COLORS["border"])
    difference = compare(wrong, right)
    assert difference is not None
    assert difference.where == "it differs within x 288 to 1199, y 32 to 63"


def test_a_missing_tag_is_noticed(qapp: QApplication) -> None:
    right = approved("window-host-light")
    tag = QRect(226, 232, 35, 18)
    assert right.pixelColor(tag.left() + 3, tag.center().y()) == QColor(COLORS["mention"])
    assert compare(changed(right, tag, COLORS["background"]), right)


def test_a_word_that_has_moved_or_is_another_is_noticed(qapp: QApplication) -> None:
    right = approved("page-chat-light")
    assert compare(moved(right, QRect(54, 100, 300, 60), 1, 0), right)
    assert compare(changed(right, QRect(60, 110, 12, 14), COLORS["surface"]), right)


def test_another_colour_is_noticed_but_not_a_shade_that_nobody_sees(qapp: QApplication) -> None:
    right = approved("window-host-light")
    ground = QColor(COLORS["background"])
    sidebar = QRect(0, 520, 200, 100)
    assert compare(changed(right, sidebar, ground.darker(110).name()), right)
    lit = changed(right, QRect(280, 640, 920, 20), COLORS["row-hover"])
    assert compare(lit, right)
    nearly = QImage(right)
    for x in range(400, 1200):
        color = nearly.pixelColor(x, 700)
        nearly.setPixelColor(x, 700, QColor(color.red(), color.green(), max(0, color.blue() - 2)))
    assert nearly != right
    assert compare(nearly, right) is None


def test_a_few_pixels_smoothed_otherwise_are_not(qapp: QApplication) -> None:
    right = approved("window-host-light")
    wrong = right.copy()
    for place in range(6):
        wrong.setPixelColor(400 + 7 * place, 300, QColor("grey"))
    assert compare(wrong, right) is None


def test_another_size_is_noticed(qapp: QApplication) -> None:
    right = approved("window-host-light")
    difference = compare(right.copy(0, 0, 1200, 799), right)
    assert difference is not None
    assert difference.where == "it is 1200x799 instead of 1200x800"


def test_approving_takes_what_is_new_and_drops_what_is_drawn_no_more(qapp: QApplication, tmp_path: Path) -> None:
    light, dark = approved("window-host-light"), approved("window-host-dark")
    assert judge({"one": light}, tmp_path, tmp_path, whole=True) == 1
    approve({"one": light, "two": dark}, tmp_path, whole=True)
    assert judge({"one": light, "two": dark}, tmp_path, tmp_path, whole=True) == 0
    assert judge({"one": dark, "two": dark}, tmp_path, tmp_path, whole=True) == 1
    assert (tmp_path / "one.different.png").exists()
    approve({"two": dark}, tmp_path, whole=True)
    assert [file.name for file in tmp_path.glob("*.webp")] == ["two.webp"]
