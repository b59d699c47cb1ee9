"""The composer: Enter sends, Shift+Enter breaks the line, and it grows with its text."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QMoveEvent, QPainter, QPaintEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chatdesk.desktop.accessibility.announce import DelayedAnnouncer, announce
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.composer_context import ComposerContext
from chatdesk.desktop.widgets.chat.message_edit import MessageEdit
from chatdesk.desktop.widgets.common.avatar import Author
from chatdesk.desktop.widgets.common.button import ICON, PRIMARY, IconButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.margins import set_margins
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.protocol.text import clean_content, clean_text, is_visible, isolated

_COUNTER_BELOW = 500
"""Characters left below which the counter appears: a long paragraph, early enough to shorten the message."""


@dataclass(frozen=True, slots=True)
class Answering:
    """What is written answers message ``seq``."""

    seq: int


@dataclass(frozen=True, slots=True)
class Editing:
    """What is written replaces the content of message ``seq``; ``draft`` is what was written before."""

    seq: int
    draft: str


class Composer(QWidget):
    """Emits ``sent`` with a message, and ``typing`` with whether the text is on the way to be one.

    ``task`` says whether it answers or replaces another message; ``task_changed``: it is another. ``edited`` carries
    the number and the new content of that one, ``emptied`` its number where nothing is left of it, and ``edit_ended``
    its number where what was written in its place is sent, or not wanted. ``content_chars`` is the length limit of a
    message, in characters.
    """

    sent = Signal(str)
    typing = Signal(bool)
    edited = Signal(object, str)
    emptied = Signal(object)
    edit_ended = Signal(object)
    task_changed = Signal()

    def __init__(self, theme: Theme, content_chars: int) -> None:
        super().__init__()
        self._theme, self._max_chars = theme, content_chars
        self.task: Answering | Editing | None = None
        self.edit = MessageEdit(theme)
        self.context = ComposerContext(theme, self)
        self._counter = Label(theme, font="small", role="text-muted", tabular=True)
        self._too_long_announcer = DelayedAnnouncer(self)
        self._paused = ""
        self.hand_button = IconButton(theme, "hand", "Raise your hand, or ask")
        self.hand_button.hide()
        self.emoji_button = IconButton(theme, "smile", "Emoji")
        self._send = _SendButton(theme, "send", "Send", shortcut="Enter")
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(8)
        self._forbidden = Label(theme, role="text-muted", wrap=True)
        self._forbidden.hide()
        self._forbidden.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._layout.addWidget(self._forbidden, 1, Qt.AlignmentFlag.AlignVCenter)
        self._layout.addWidget(self.edit, 1)
        self._layout.addWidget(self._counter, 0, Qt.AlignmentFlag.AlignBottom)
        self._layout.addWidget(self.hand_button, 0, Qt.AlignmentFlag.AlignBottom)
        self._layout.addWidget(self.emoji_button, 0, Qt.AlignmentFlag.AlignBottom)
        self._layout.addWidget(self._send, 0, Qt.AlignmentFlag.AlignBottom)
        self.context.closed.connect(self.leave_task)
        self.edit.escaped.connect(self.leave_task)
        self.edit.submitted.connect(self._submit)
        self.edit.focus_changed.connect(self.update)
        self.edit.textChanged.connect(self._text_changed)
        self.edit.textChanged.connect(self._emit_typing)
        self._send.clicked.connect(self._submit)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()
        self._text_changed()

    def set_max_chars(self, content_chars: int) -> None:
        """Set the length limit of a message, in characters."""
        if content_chars != self._max_chars:
            self._max_chars = content_chars
            self._text_changed()

    def set_hint(self, hint: str) -> None:
        """Set the placeholder."""
        self.edit.set_hint(hint)

    def forbid(self, sentence: str) -> None:
        """Say why nothing can be written, in place of what is written, which stays; empty if it can."""
        if sentence == self._forbidden.text():
            return
        had_focus = self.edit.hasFocus() or self._forbidden.hasFocus()
        self._forbidden.set_text(sentence)
        self._forbidden.setVisible(bool(sentence))
        for part in (self.edit, self.emoji_button, self._send):
            part.setVisible(not sentence)
        self._counter.setVisible(False)
        if had_focus:
            (self._forbidden if sentence else self.edit).setFocus()
        if sentence:
            announce(self, sentence)
        else:
            self._text_changed()

    def pause(self, sentence: str) -> None:
        """Say why nothing can be sent yet, while it can be written, edited and commanded; empty if it can."""
        if sentence != self._paused:
            self._paused = sentence
            self._text_changed()

    @property
    def draft(self) -> str:
        """What is written and not sent, without a message that is being edited."""
        return self.task.draft if isinstance(self.task, Editing) else self.edit.text

    @property
    def answered(self) -> int | None:
        """The number of the message that what is written answers."""
        return self.task.seq if isinstance(self.task, Answering) else None

    def answer(self, seq: int, name: str, words: str, author: Author | None) -> None:
        """Let what is written answer a message, of which the author may not be known yet."""
        self._bring_back_draft()
        self._begin(Answering(seq), name, words, author)

    def edit_message(self, seq: int, text: str) -> None:
        """Edit a message in place of what is written, which comes back afterwards."""
        self._bring_back_draft()
        editing = Editing(seq, self.edit.text)
        self.set_text(text)
        self._begin(editing, "Edit message", text)

    def leave_task(self) -> None:
        """Answer and edit nothing; what was written stays, or comes back if a message was edited."""
        left = self.task
        self._bring_back_draft()
        if isinstance(left, Editing):
            self.edit_ended.emit(left.seq)
        if left:
            self.task_changed.emit()

    def show_draft(self, text: str) -> None:
        """Show what was written in another room, in place of all that is written here."""
        self.task = None
        self.set_text(text)
        self._bring_back_draft()

    def prepend_message(self, text: str) -> None:
        """Insert a refused message above the text, with the caret behind it, to be edited."""
        if isinstance(self.task, Editing):  # it is no part of that message
            self._bring_back_draft()
        gap = "\n" if self.edit.text else ""
        cursor = self.edit.textCursor()
        cursor.beginEditBlock()
        cursor.setPosition(0)
        cursor.insertText(clean_text(text))
        end = cursor.position()
        cursor.insertText(gap)
        cursor.endEditBlock()
        cursor.setPosition(end)
        self.edit.setTextCursor(cursor)
        self.edit.setFocus()

    def insert(self, text: str) -> None:
        """Insert text at the caret, and go on writing behind it."""
        self.edit.textCursor().insertText(clean_text(text))
        self.edit.setFocus()

    def restore_draft(self, text: str) -> None:
        """Insert a stored draft above the text, without emitting ``typing``."""
        self._bring_back_draft()
        self.set_text("\n".join(filter(None, (text, self.edit.text))))

    def moveEvent(self, event: QMoveEvent) -> None:
        """Adjust the height: the composer is at the window's bottom, so it moves when the window's height changes."""
        super().moveEvent(event)
        self.edit.fit_to_text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.context.resize(self.width(), self.context.height())

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Focus the editor. A focus proxy would make Tab skip what comes before this widget."""
        self.edit.setFocus(reason)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.edit.setFocus()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        radius, focused = theme.tokens["radius"]["composer"], self.edit.hasFocus()
        border = theme.color("focus" if focused else "border-strong")
        rect = QRectF(self.rect())
        paint_panel(painter, rect, radius, theme.color("surface-raised"), border)
        if focused:
            paint_panel(painter, rect.adjusted(1, 1, -1, -1), radius - 1, None, border)
        painter.end()

    def _submit(self) -> None:
        content = clean_content(self.edit.text)
        if len(content) > self._max_chars:
            return
        if self._waits(content):
            announce(self, self._paused)
            return
        if isinstance(self.task, Editing):
            if content:
                self.edited.emit(self.task.seq, content)
            else:
                self.emptied.emit(self.task.seq)
            self.leave_task()
        elif content:
            self.edit.clear()
            self.sent.emit(content)
            if not self.edit.text:  # a command that is refused comes back
                self.leave_task()

    def _waits(self, content: str) -> bool:
        """Whether this cannot be sent yet: a message in a slow room, neither an edit nor a command."""
        is_message = not isinstance(self.task, Editing) and not content.startswith("/")
        return bool(self._paused) and is_message

    def _begin(self, task: Answering | Editing, name: str, words: str, author: Author | None = None) -> None:
        self.task = task
        self.context.show_message(name, words, author)
        self._apply_theme()
        self.edit.setFocus()
        announce(self, "Editing your message" if isinstance(task, Editing) else f"Answering {isolated(name)}")
        self.task_changed.emit()

    def _bring_back_draft(self) -> None:
        """Write no answer and no edit any more, but what was written before an edit."""
        if isinstance(self.task, Editing):
            self.set_text(self.task.draft)
        self.task = None
        self.context.hide()
        self._apply_theme()

    def set_text(self, text: str) -> None:
        """Replace the text, without emitting ``typing``."""
        with QSignalBlocker(self.edit):
            self.edit.setPlainText(clean_text(text))
            self.edit.moveCursor(QTextCursor.MoveOperation.End)
        self._text_changed()

    def _text_changed(self) -> None:
        content = clean_content(self.edit.text)
        left = self._max_chars - len(content)
        self._counter.setVisible(left < _COUNTER_BELOW)
        self._counter.set_text(f"{left} left" if left >= 0 else f"{-left} too many")
        self._counter.set_role("text-muted" if left >= 0 else "danger")
        self._too_long_announcer.set_text(self._counter.text() if left < 0 else "")
        is_something = bool(content) or isinstance(self.task, Editing)
        self._send.set_ready(is_something and left >= 0 and not self._waits(content))

    def _emit_typing(self) -> None:
        text = self.edit.text
        self.typing.emit(is_visible(text) and not text.startswith("/"))

    def _apply_theme(self) -> None:
        min_height = self._theme.px(self._theme.tokens["size"]["composer"]["min"])
        pad = (min_height - self._send.sizeHint().height()) // 2
        above = self.context.height() if self.task else 0
        set_margins(self._layout, 16, above + pad, pad, pad)
        self._forbidden.setMinimumHeight(self._send.sizeHint().height())
        self._counter.setFixedHeight(self._send.sizeHint().height())
        self.update()


class _SendButton(IconButton):
    """Muted and disabled while there is nothing to send."""

    def set_ready(self, ready: bool) -> None:
        self.setEnabled(ready)
        self.set_look(PRIMARY if ready else ICON, "send")

    def _text_color(self) -> QColor:
        return self._theme.color("accent-text" if self.isEnabled() else "text-muted")
