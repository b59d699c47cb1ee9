"""The same words in the same font are as heavy in the window as in the page."""

import pytest
from playwright.sync_api import Browser
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.label import Label
from tests.pictures import ink

WORDS = "Left motor on bench 4 spins backwards. I swapped the leads and it is the same."
SIZES = {"small": 12, "message": 15, "title": 16}


def in_browser(browser: Browser, theme: Theme, token: str) -> QImage:
    font = theme.font(token)
    page = browser.new_page(viewport={"width": 900, "height": 40})
    page.set_content(f"<body>{WORDS}")
    page.add_style_tag(
        content=f"body {{ margin: 8px; color: {theme.css('text')}; background: {theme.css('background')};"
        f" font: {font.weight().value} {SIZES[token]}px '{font.families()[0]}' }}"
    )
    image = QImage.fromData(page.screenshot(), "PNG")
    page.close()
    return image


@pytest.mark.parametrize("token", SIZES)
@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_letters_are_as_heavy_as_in_the_page(browser: Browser, qapp: QApplication, name: str, token: str) -> None:
    theme = Theme(qapp, name)
    label = Label(theme, WORDS, font=token)
    label.resize(label.sizeHint())
    colors = theme.color("text"), theme.color("background")
    page = ink(in_browser(browser, theme, token), *colors)
    assert ink(label.grab().toImage(), *colors) == pytest.approx(page, rel=0.1)
