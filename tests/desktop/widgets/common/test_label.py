"""Labels: plain text on its line height, cut only where that is allowed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.label import Label
from tests.desktop.inspection import HOSTILE
from tests.desktop.tooltips import tip


def inked(image: QImage, theme: Theme) -> list[int]:
    """Return the columns of a picture of a label that are not empty."""
    ground = theme.color("background")
    return [x for x in range(image.width()) if any(image.pixelColor(x, y) != ground for y in range(image.height()))]


def test_markup_is_shown_as_it_was_typed(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    label = Label(theme, HOSTILE)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == HOSTILE
    assert label.sizeHint().width() > Label(theme, "bold evil &").sizeHint().width() * 2


def test_the_tooltip_has_all_of_a_cut_text_without_markup(qtbot: QtBot, qapp: QApplication) -> None:
    label = Label(Theme(qapp, "light"), HOSTILE, elide=True)
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.grab()
    assert "evil" in tip(label)
    assert "<b>" not in tip(label)
    label.resize(label.sizeHint())
    label.grab()
    assert tip(label) == ""


def test_a_text_that_may_not_be_cut_asks_for_its_width(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    rigid, elided = Label(theme, "A long name of a room"), Label(theme, "A long name of a room", elide=True)
    assert rigid.minimumSizeHint() == rigid.sizeHint()
    assert elided.minimumSizeHint().width() < elided.sizeHint().width()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_wrapped_text_is_as_high_as_its_lines(qapp: QApplication, scale: float) -> None:
    theme = Theme(qapp, "light", scale)
    label = Label(theme, "one\ntwo\nthree", wrap=True)
    assert label.heightForWidth(1000) == 3 * theme.line("ui")
    assert Label(theme, "x" * 400, wrap=True).heightForWidth(200) > 4 * theme.line("ui")


def test_the_strong_part_stands_out(qtbot: QtBot, qapp: QApplication) -> None:
    label = Label(Theme(qapp, "light"), "Trying again in 7 s")
    qtbot.addWidget(label)
    label.resize(300, 20)
    before = label.grab().toImage()
    label.set_text("Trying again in 7 s", strong="7 s")
    assert label.grab().toImage() != before
    label.set_text("Trying again in 7 s", strong="not in it")
    assert label.grab().toImage() == before


def test_another_role_is_another_colour(qtbot: QtBot, qapp: QApplication) -> None:
    label = Label(Theme(qapp, "light"), "Lost")
    qtbot.addWidget(label)
    before = label.grab().toImage()
    label.set_role("danger")
    assert label.grab().toImage() != before


def test_from_right_to_left_it_begins_at_the_right_and_its_words_keep_their_order(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme = Theme(qapp, "light")
    label = Label(theme, "Only the same network.")
    qtbot.addWidget(label)
    label.resize(400, 20)
    assert inked(label.grab().toImage(), theme)[0] < 5
    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    image = label.grab().toImage()
    last = inked(image, theme)[-1]
    assert last > 394
    full_stop = [y for y in range(20) if image.pixelColor(last, y) != theme.color("background")]
    assert min(full_stop) > 10


def test_it_grows_with_the_text(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    label = Label(theme, "ChatDesk", font="title", size=17)
    before = label.sizeHint()
    theme.set_scale(2)
    assert label.sizeHint().width() > before.width() * 1.8
    assert label.font().pixelSize() == 34
