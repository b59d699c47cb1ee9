"""The picker of emoji: by category, by search, the ones used last, and the skin tone."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from chatdesk.desktop.accessibility.announce import DelayedAnnouncer
from chatdesk.desktop.emoji_habits import EmojiHabits
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.hairline import Hairline
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.popover import Popover
from chatdesk.desktop.widgets.writing.emoji_grid import ROW_HEIGHT, EmojiGrid, Section
from chatdesk.desktop.widgets.writing.emoji_search_field import EmojiSearchField
from chatdesk.desktop.widgets.writing.emoji_tabs import EmojiTabs
from chatdesk.desktop.widgets.writing.skin_tones import SkinTones, paint_hand
from chatdesk.protocol import emoji
from chatdesk.protocol.emoji import Emoji

_WIDTH = 364
_PAD = 12
_HEAD, _TABS, _FOOT = 60, 38, 52
_BODY = (12, 0, 0, 0)  # the scroll bar is the margin at the end
_ROWS_SHOWN = 7.5
"""Half a row shows that there is more."""
_ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_PageUp: (-5, 0),
    Qt.Key.Key_PageDown: (5, 0),
}


class EmojiPicker(Popover):
    """Opens above a widget by ``pick``. Escape clears the search, and once more closes."""

    def __init__(self, theme: Theme, anchor: QWidget, habits: EmojiHabits) -> None:
        super().__init__(theme, anchor, _WIDTH, at_end=True)
        self._habits = habits
        self._reply: Callable[[str], None] | None = None
        self.setAccessibleName("Emoji")
        self.search = EmojiSearchField(theme)
        self.tone = _ToneButton(theme, habits)
        self.tabs = EmojiTabs(theme)
        self.tones = SkinTones(theme)
        self.grid = EmojiGrid(theme)
        self._nothing = self._make_nothing(theme)
        self._foot = _Foot(theme, habits)
        self._found = DelayedAnnouncer(self)
        self._strip, self._body = QStackedLayout(), QStackedLayout()
        self.set_content(self._make_content(theme))
        self.search.textChanged.connect(self._search)
        self.search.installEventFilter(self)
        self.tone.clicked.connect(self._show_tones)
        self.tones.chosen.connect(self._choose_tone)
        self.tones.cancelled.connect(self._hide_tones)
        self.tabs.chosen.connect(self._show_section)
        self.grid.pointed.connect(self._foot.show_emoji)
        self.grid.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.grid.chosen.connect(self._choose)

    def pick(self, anchor: QWidget, reply: Callable[[str], None], part: QRect | None = None) -> None:
        """Let the person choose above ``anchor``, or a part of it. ``reply`` gets the emoji, if one is chosen."""
        if self.isVisible():
            self.close_card()
            return
        self._reply = reply
        self.search.clear()
        self._show_all()
        self.open_with_focus(anchor, part, self.search)

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Keep Tab within the picker: field, tone, tabs."""
        order = [self.search, self.tone, *self.tabs.buttons]
        focused = QApplication.focusWidget()
        place = order.index(focused) if focused in order else 0
        order[(place + (1 if _next else -1)) % len(order)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._pressed(event)
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        """Move in the grid with the keys that the field has no use for."""
        key = Qt.Key(event.key())
        within_text = self.search.text() and self.search.cursorPosition() < len(self.search.text())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and within_text:
            return False
        if key in _ARROWS and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            self.grid.move_choice(*_ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.grid.choose_current()
        elif key == Qt.Key.Key_Escape:
            self.step_back()
        else:
            return False
        return True

    def step_back(self) -> None:
        """Clear the search, or else close."""
        if self.search.text():
            self.search.clear()
            self.search.setFocus()
        else:
            self.close_card()

    def _show_all(self) -> None:
        self._hide_tones()
        recent = [entry for text in self._habits.recent if (entry := emoji.find(text))]
        everything = (Section(category.name, category.emoji) for category in emoji.categories())
        self.grid.cells.set_tone(self._habits.tone)
        self.grid.show_sections([Section("Recent", recent), *everything])
        self._show_body(self.grid)
        self.tabs.show_section(0)

    def _search(self, query: str) -> None:
        if not query.strip():
            self._show_all()
            return
        found = emoji.search(query)
        self.grid.show_sections([Section(f"{len(found)} found", found)] if found else [])
        self._show_body(self.grid if found else self._nothing)
        self._found.set_text(f"{len(found)} found: {found[0].name}" if found else "No emoji by that name")

    def _show_body(self, shown: QWidget) -> None:
        self._body.setCurrentWidget(shown)
        if shown is self._nothing:
            self._foot.show_sentence("Esc clears the search, once more closes")

    def _show_section(self, number: int) -> None:
        self.search.clear()
        self.grid.scroll_to_section(number)
        self.tabs.show_section(number)

    def _scrolled(self) -> None:
        if not self.search.text():
            self.tabs.show_section(self.grid.first_section)

    def _show_tones(self) -> None:
        self._strip.setCurrentWidget(self.tones)
        self.tones.choose_from(self._habits.tone)

    def _choose_tone(self, tone: int) -> None:
        self._habits.tone = tone
        self.grid.cells.set_tone(tone)
        self._hide_tones()

    def _hide_tones(self) -> None:
        if self._strip.currentWidget() is self.tones:
            self._strip.setCurrentWidget(self.tabs)
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, text: str) -> None:
        reply = self._reply
        self.close_card()
        self._habits.use(text)
        if reply:
            reply(text)

    def _content_height(self, _width: int) -> int:
        px = self._theme.px
        return px(_HEAD) + px(_TABS) + round(px(ROW_HEIGHT) * _ROWS_SHOWN) + px(_FOOT) + 2

    def _make_content(self, theme: Theme) -> QWidget:
        content = QWidget()
        head = QHBoxLayout()
        head.setContentsMargins(_PAD, _PAD, _PAD, _PAD // 2)
        head.addWidget(self.search, 1)
        head.addWidget(self.tone)
        body = _stacked(self._body, self.grid, self._nothing)
        body.setContentsMargins(*_BODY)
        strip = _stacked(self._strip, self.tabs, self.tones)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(strip)
        layout.addWidget(Hairline(theme))
        layout.addWidget(body, 1)
        layout.addWidget(Hairline(theme))
        layout.addWidget(self._foot)
        return content

    def _make_nothing(self, theme: Theme) -> QWidget:
        nothing = QWidget()
        layout = QVBoxLayout(nothing)
        layout.setContentsMargins(4, 20, 4, 20)
        layout.setSpacing(4)
        layout.addWidget(Label(theme, "No emoji by that name", font="ui", weight=600))
        layout.addWidget(Label(theme, "Try one word, such as tool.", role="text-muted"))
        layout.addStretch(1)
        return nothing


def _stacked(stack: QStackedLayout, *widgets: QWidget) -> QWidget:
    """Return a widget that shows one of these at a time."""
    made = QWidget()
    made.setLayout(stack)  # first: a widget without a parent would open as a window
    for widget in widgets:
        stack.addWidget(widget)
    return made


class _ToneButton(IconButton):
    """A hand in the chosen skin tone."""

    def __init__(self, theme: Theme, habits: EmojiHabits) -> None:
        self._habits = habits
        super().__init__(theme, "smile", "Skin tone")
        habits.changed.connect(self.update)

    def _paint_content(self, painter: QPainter, _foreground: QColor) -> None:
        paint_hand(painter, QRectF(self.rect()), self._theme, self._habits.tone)


class _Foot(QWidget):
    """The chosen emoji with its name and what people type for it."""

    def __init__(self, theme: Theme, habits: EmojiHabits) -> None:
        super().__init__()
        self._theme, self._habits = theme, habits
        self._glyph = Label(theme, size=30)
        self._name = Label(theme, font="label", weight=600, elide=True)
        self._code = Label(theme, font="small", role="text-muted", elide=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addWidget(self._code)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(12)
        layout.addWidget(self._glyph)
        layout.addLayout(words, 1)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def show_emoji(self, shown: Emoji | None) -> None:
        """Show this emoji; nothing for None."""
        self._glyph.set_text(emoji.with_tone(shown.text, self._habits.tone) if shown else "")
        self._name.set_text(shown.name if shown else "")
        self._code.set_text(f":{shown.short_names[0]}:" if shown else "")
        self._glyph.setVisible(bool(shown))
        self._name.setVisible(bool(shown))

    def show_sentence(self, sentence: str) -> None:
        """Show a sentence in its place."""
        self.show_emoji(None)
        self._code.set_text(sentence)

    def _apply_theme(self) -> None:
        self.setFixedHeight(self._theme.px(_FOOT))
