"""The sheet to raise one's hand, or to ask something, with or without one's name."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button, IconButton
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.input_method import CompositionGuard
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.common.toggle import Toggle
from chatdesk.protocol.text import clean_content, clean_text, isolated

# Pixels as in the design, at 100 percent text.
_WIDTH, _BOTTOM, _TEXT, _PAD = 424, 24, 84, 12
_WITHOUT = "Without my name"
_EMPTY = "Write your question."


class AskSheet(Sheet):
    """``asked`` carries the question and whether it is without a name; ``hand_raised``: the hand alone.

    The sheet stays until ``show_problem`` or ``dismiss`` is called: what is refused is not lost.
    """

    asked = Signal(str, bool)
    hand_raised = Signal()

    def __init__(self, theme: Theme, window: QWidget, host: str, *, nameless: bool, text: str = "") -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        name = isolated(host or "the host")
        self.edit = QPlainTextEdit(clean_text(text))
        self.edit.setAccessibleName("Your question")
        self.edit.setTabChangesFocus(True)
        self.edit.setProperty("ground", "paper")
        self.edit.document().setDocumentMargin(0)
        self.edit.moveCursor(QTextCursor.MoveOperation.End)
        CompositionGuard(self.edit)
        ScrollBar(theme, self.edit)
        self._error = Label(theme, font="label", weight=400, role="danger", wrap=True)
        self._error.hide()
        self.toggle = Toggle(theme, _WITHOUT)
        self.toggle.setChecked(nameless)
        self._truth = _Truth(theme, truth(name))
        self.toggle.setAccessibleDescription(truth(name) if nameless else "")
        self.toggle.toggled.connect(self._explain)
        self.hand_button = Button(theme, "Hand only", icon="hand")
        self.ask_button = Button(theme, "Ask", PRIMARY)
        for button in (self.hand_button, self.ask_button):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hand_button.clicked.connect(self._raise)
        self.ask_button.clicked.connect(self._submit)
        close = IconButton(theme, "close", "Close", shortcut="Esc")
        close.clicked.connect(self.dismiss)
        self.setAccessibleName(f"Ask {name}")
        self.set_content(self._content(nameless=nameless), sheet_header(theme, f"Ask {name}", close))
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def show_sheet(self) -> None:
        """Open over the window."""
        self.open(self.edit)

    def show_problem(self, sentence: str) -> None:
        """Say why the question was not taken; it stays."""
        self._error.set_text(sentence)
        self._error.setVisible(bool(sentence))
        self.edit.setAccessibleDescription(sentence)
        self.ask_button.setEnabled(True)
        self.edit.setFocus()
        self._position_card()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask on Ctrl+Enter: Enter breaks the line of a question."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._submit()
        else:
            super().keyPressEvent(event)

    def _submit(self) -> None:
        content = clean_content(clean_text(self.edit.toPlainText()))
        if not content:
            self.show_problem(_EMPTY)
            return
        self.ask_button.setEnabled(False)
        self.asked.emit(content, self.toggle.isChecked())

    def _raise(self) -> None:
        self.dismiss()
        self.hand_raised.emit()

    def _explain(self, nameless: bool) -> None:
        self._truth.setVisible(nameless)
        self._position_card()

    def _content(self, *, nameless: bool) -> QWidget:
        content, theme = QWidget(), self._theme
        choice = QWidget()
        row = QHBoxLayout(choice)
        row.setContentsMargins(0, 12, 0, 0)
        row.addWidget(Label(theme, _WITHOUT), 1)
        row.addWidget(self.toggle)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.hand_button, 1)
        buttons.addWidget(self.ask_button, 1)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 14, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(8)
        layout.addWidget(self.edit)
        layout.addWidget(self._error)
        layout.addWidget(choice)
        layout.addWidget(self._truth)
        layout.addSpacing(6)
        layout.addLayout(buttons)
        choice.setVisible(nameless)
        self._truth.setVisible(nameless)
        return content

    def _apply_theme(self) -> None:
        self.edit.setFont(self._theme.font("message"))
        self.edit.setFixedHeight(self._theme.px(_TEXT))


class _Truth(QWidget):
    """What a question without a name does and does not hide."""

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__()
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        row.setSpacing(_PAD)
        row.addWidget(Icon(theme, "eye", "accent-soft-text"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(theme, words, role="accent-soft-text", wrap=True), 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        edge = theme.color("accent-soft-text") if theme.high_contrast else None
        ground = theme.color("accent-soft")
        paint_panel(painter, QRectF(self.rect()), theme.tokens["radius"]["control"], ground, edge)
        painter.end()


def truth(host: str) -> str:
    """Return whether the host can find out who has asked, in words; ``host`` is isolated."""
    return (
        f"Nobody sees your name, and nothing that is kept says who asked. {host}’s computer knows it while you send, "
        "so somebody who watches that computer or the network could find out. You cannot change or delete the "
        "question later."
    )
