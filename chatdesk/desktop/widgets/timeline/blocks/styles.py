"""Fonts and colours of what stands in messages, looked up once for each layout."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontMetricsF, QTextCharFormat, QTextOption

from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.timeline.blocks.paragraph import UNWRAPPED, Style
from chatdesk.protocol.markup import Mention

_CODE_KINDS = ("comment", "keyword", "string", "number")
_LARGE = 30, 44
"""Size and line height of a few emoji alone, in pixels at 100 percent text: emoji are enlarged by a fifth, to 36."""
_TAB = 4
"""Characters from one tab stop of code to the next."""


class Look(NamedTuple):
    """What marks a part of a paragraph."""

    strong: bool = False
    emphasis: bool = False
    strike: bool = False
    link: bool = False


class ChipStyle(NamedTuple):
    """The look of words on a ground of their own."""

    text: QTextCharFormat
    fill: QColor
    border: QColor | None


class Styles:
    """The styles of one theme. ``is_own(mention)`` tells whether a mention means oneself.

    ``on_slip``: the words stand on the tinted ground of an own message, in which a tinted chip would not be seen.
    """

    def __init__(self, theme: Theme, is_own: Callable[[Mention], bool], *, on_slip: bool = False) -> None:
        link = theme.color("link")
        self.theme, self.is_own = theme, is_own
        self.message = Style(theme.font("message"), theme.line("message"), link)
        large = theme.font("message")
        large.setPixelSize(theme.px(_LARGE[0]))
        self.emoji = Style(large, theme.px(_LARGE[1]), link)
        self.cell = Style(theme.font("label", 400, tabular=True), theme.line("label"), link)
        self.head = Style(theme.font("label", SEMIBOLD), theme.line("label"), link)
        self.code = Style(theme.font("code"), theme.line("code"), link)
        self.code_option = QTextOption(UNWRAPPED)
        self.code_option.setTabStopDistance(_TAB * QFontMetricsF(self.code.font).horizontalAdvance("0"))
        self.code_formats = {kind: _colored(theme, f"code-{kind}") for kind in _CODE_KINDS}
        self.muted = _colored(theme, "text-muted")
        self.code_chip = self._chip("code", "border-strong")
        self.code_chip.text.setFont(self.code.font)
        self.own_chip = self._chip("mention", "mention-border")
        self.name_chip = self._chip("accent-soft", "border-strong")
        if on_slip:
            self.name_chip = self.name_chip._replace(fill=theme.color("surface"))
        for chip in (self.own_chip, self.name_chip):
            chip.text.setFontWeight(QFont.Weight.Medium)
        self._looks: dict[Look, QTextCharFormat] = {}

    def look(self, look: Look) -> QTextCharFormat:
        """Return the format of a part of a paragraph."""
        if look not in self._looks:
            made = QTextCharFormat()
            if look.strong:
                made.setFontWeight(SEMIBOLD)
            if look.emphasis:
                made.setFontItalic(True)
            if look.strike:
                made.setFontStrikeOut(True)
            if look.link:
                made.setForeground(self.theme.color("link"))
                made.setFontUnderline(True)
            self._looks[look] = made
        return self._looks[look]

    def _chip(self, fill: str, border: str) -> ChipStyle:
        edge = self.theme.color(border) if self.theme.high_contrast else None
        return ChipStyle(_colored(self.theme, f"{fill}-text"), self.theme.color(fill), edge)


def _colored(theme: Theme, role: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(theme.color(role))
    return made
