"""Completes names, emoji and commands while somebody writes in the composer's editor."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from chatdesk.client.completion import Choice, Place, Query, complete, query_at, replace_names
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.text_painting import utf16_length
from chatdesk.desktop.widgets.writing.completion_popup import CompletionPopup
from chatdesk.protocol.commands import Mentioned
from chatdesk.protocol.events import User


class Completer(QObject):
    """``place`` tells where one writes, ``tone`` the skin tone. ``anchor`` is what the choices stand above."""

    def __init__(
        self,
        theme: Theme,
        edit: QPlainTextEdit,
        anchor: QWidget,
        place: Callable[[Query], Place],
        tone: Callable[[], int],
    ) -> None:
        super().__init__(edit)
        self._theme, self._edit, self._anchor, self._place, self._tone = theme, edit, anchor, place, tone
        self._popup: CompletionPopup | None = None
        self._query: Query | None = None
        self._dismissed: Query | None = None
        """What the person has said no to, until something else is completed."""
        self._chosen: dict[str, Mentioned] = {}
        edit.installEventFilter(self)
        edit.textChanged.connect(self._text_changed)
        edit.cursorPositionChanged.connect(self._close_if_moved)

    @property
    def popup(self) -> CompletionPopup | None:
        """The choices, once there were some."""
        return self._popup

    def take_mentions(self, content: str) -> tuple[Mentioned, ...]:
        """Return whom the person has chosen of those named in a text; a name alone may be somebody else's soon."""
        chosen, self._chosen = self._chosen, {}
        return tuple(mention for name, mention in chosen.items() if f"@{name}" in content)

    def refresh(self) -> None:
        """Other people of the place are known: choose among them, too."""
        query = query_at(self._before_caret())
        if query and query.kind == "person":
            self._offer()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        popup = self._popup
        if popup and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            handled = popup.press(event)
            if handled and not popup.isVisible():
                self._dismissed = self._query
            return handled
        if popup and event.type() == QEvent.Type.FocusOut:
            popup.close_card()
        return False

    def _before_caret(self) -> str:
        """The text of the caret's own block and those before it."""
        cursor = self._edit.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Start, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText().replace("\u2029", "\n")

    def _text_changed(self) -> None:
        before = self._before_caret()
        if self._edit.hasFocus() and (replaced := replace_names(before)):
            self._replace(len(before), replaced)
            return
        self._offer()

    def _offer(self) -> None:
        """Show what the text before the caret may become."""
        query = query_at(self._before_caret()) if self._edit.hasFocus() else None
        dismissed = self._dismissed and query and (query.kind, query.start) == self._dismissed[:2]
        if not dismissed:
            self._dismissed = None
        completion = complete(query, self._place(query), self._tone()) if query and not dismissed else None
        self._query = query
        if completion:
            self._shown_popup().show_completion(completion)
        elif self._popup:
            self._popup.close_card()

    def _close_if_moved(self) -> None:
        if self._popup and self._popup.isVisible() and query_at(self._before_caret()) != self._query:
            self._popup.close_card()

    def _take(self, choice: Choice) -> None:
        if isinstance(choice.picture, User):
            self._chosen[choice.picture.nickname] = Mentioned(choice.picture.nickname, choice.picture.author)
        if self._query:
            self._replace(len(self._before_caret()) - self._query.start, choice.insert)

    def _replace(self, count: int, text: str) -> None:
        """Replace so many characters before the caret; it can be undone."""
        before, cursor = self._before_caret(), self._edit.textCursor()
        end = cursor.position()
        cursor.setPosition(end - utf16_length(before[len(before) - count :]))
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        self._edit.setTextCursor(cursor)

    def _shown_popup(self) -> CompletionPopup:
        if self._popup is None:
            self._popup = CompletionPopup(self._theme, self._anchor)
            self._popup.chosen.connect(self._take)
        return self._popup
