"""The theme: contrasts of the tokens, and the person's choice."""

from itertools import product
from typing import Any

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import CHOICES, Theme, load_tokens

TOKENS = load_tokens()
THEMES = ("light", "dark", "high-contrast")


def luminance(color: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.getRgbF()[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs(theme: Theme, text: str, ground: str) -> list[tuple[QColor, QColor]]:
    """Return the colours of one entry of the tokens' "contrast"; an avatar entry stands for all twelve hues."""
    if text != "avatar.ink":
        return [(theme.color(text), theme.color(ground))]
    hues = [theme.avatar(index) for index in range(TOKENS["avatar"]["count"])]
    return [(ink, fill if ground == "avatar.fill" else theme.color(ground)) for fill, ink in hues]


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("rule", TOKENS["contrast"], ids=lambda rule: f"{rule['text']} {rule['min']}")
def test_every_pair_of_the_tokens_keeps_its_contrast(qapp: QApplication, name: str, rule: dict[str, Any]) -> None:
    theme = Theme(qapp, name)
    least = rule["minHighContrast" if theme.high_contrast else "min"]
    for ground in rule["on"]:
        for text, below in pairs(theme, rule["text"], ground):
            assert contrast(text, below) >= least, f"{rule['text']} on {ground}"


@pytest.mark.parametrize("name", THEMES)
def test_every_colour_of_the_tokens_is_one(qapp: QApplication, name: str) -> None:
    theme = Theme(qapp, name)
    assert all(theme.color(role).isValid() for role in TOKENS["color"]["light"])


def test_a_choice_changes_colours_and_palette(qapp: QApplication, qtbot: QtBot) -> None:
    theme = Theme(qapp, "light")
    with qtbot.waitSignal(theme.changed):
        theme.choose("dark")
    assert (theme.name, theme.choice) == ("dark", "dark")
    assert qapp.palette().window().color() == QColor(TOKENS["color"]["dark"]["background"])


def test_an_unknown_choice_from_an_old_file_follows_the_system(qapp: QApplication) -> None:
    theme = Theme(qapp, "sepia")
    assert theme.choice == "system"
    assert theme.name in THEMES


def test_text_grows_within_the_bounds_of_the_tokens(qapp: QApplication) -> None:
    theme = Theme(qapp, "light", scale=1.5)
    assert theme.font("message").pixelSize() == round(15 * 1.5)
    theme.set_scale(9)
    assert (theme.scale, theme.px(34), theme.line("ui")) == (2.0, 68, 40)


def test_a_shadow_is_there_only_where_the_theme_has_one(qapp: QApplication) -> None:
    shadow = Theme(qapp, "light").shadow("float")
    assert shadow is not None
    assert shadow[:2] == (6, 20)
    assert 0 < shadow[2].alphaF() < 0.2
    assert Theme(qapp, "high-contrast").shadow("float") is None


@pytest.mark.parametrize(("choice", "token"), list(product(CHOICES, TOKENS["type"])))
def test_every_type_of_the_tokens_is_a_font_of_its_size(qapp: QApplication, choice: str, token: str) -> None:
    assert Theme(qapp, choice).font(token, tabular=True).pixelSize() == TOKENS["type"][token]["size"]
