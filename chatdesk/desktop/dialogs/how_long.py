"""The question before somebody is removed, banned, muted or renamed: why, how long, and whether also their address."""

from typing import Literal, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.dialogs.sheet import Sheet
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import DANGER, PRIMARY, Button
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.segmented_control import SegmentedControl
from chatdesk.desktop.widgets.common.toggle import Toggle
from chatdesk.protocol.limits import NICKNAME_CHARS, REASON_CHARS
from chatdesk.protocol.order_events import Neighbours
from chatdesk.protocol.text import isolated

# Pixels as in the design, at 100 percent text.
_WIDTH, _MARGIN = 424, 26
_NAMED = 3
"""Names of others at an address that are written out."""

Act = Literal["mute", "remove", "ban", "rename"]


class _Words(NamedTuple):
    verb: str
    icon: str
    text: str
    end: str = ""
    ends: tuple[tuple[str, int | None], ...] = ()
    proposed: int = 0
    danger: bool = False


_WORDS: dict[Act, _Words] = {
    "mute": _Words(
        "Mute",
        "mute",
        "They read on and can say nothing, in any room.",
        "For",
        (("10 minutes", 10), ("1 hour", 60), ("Until I say so", 0)),
    ),
    "remove": _Words(
        "Remove",
        "leave",
        "They leave at once, on all devices. Only the host and moderators can read why.",
        "They may come back",
        (("At once", 0), ("In 10 minutes", 10), ("In 1 hour", 60)),
        danger=True,
    ),
    "ban": _Words(
        "Ban",
        "ban",
        "They leave at once and cannot come back until the ban ends. Only the host and moderators can read why.",
        "Until",
        (("1 hour", 60), ("This evening", None), ("For good", 0)),
        proposed=1,
        danger=True,
    ),
    "rename": _Words("Rename", "edit", "Everybody sees the new name, also they themselves."),
}


class HowLong(NamedTuple):
    """The answer; ``reason`` is the new name where one is asked for. Without ``minutes`` it ends this evening."""

    reason: str
    minutes: int | None
    address: bool


class HowLongSheet(Sheet):
    """``answered`` carries a ``HowLong`` once the person has said yes."""

    answered = Signal(object)

    def __init__(self, theme: Theme, window: QWidget, act: Act, nickname: str) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self._words = words = _WORDS[act]
        who = isolated(nickname)
        self._label = "New name" if act == "rename" else f"Reason, which {who} sees"
        self._reason = Field(theme, self._label, height=40, font="ui")
        self._reason.edit.setMaxLength(NICKNAME_CHARS if act == "rename" else REASON_CHARS)
        self._end: SegmentedControl[str] | None = None
        self._chosen = words.proposed
        if words.ends:
            labels = {str(index): name for index, (name, _) in enumerate(words.ends)}
            self._end = SegmentedControl(theme, words.end, labels)
            self._end.set_value(str(words.proposed))
            self._end.chosen.connect(self._choose)
        self._address = Toggle(theme, "Also this address")
        self._near = Label(theme, font="small", role="warning", wrap=True)
        self._address_label = Label(theme, font="label", wrap=True)
        self._beside = self._address_row()
        self._beside.hide()
        self._yes = Button(theme, f"{words.verb} {who}", DANGER if words.danger else PRIMARY)
        self._cancel = Button(theme, "Cancel")
        self._cancel.clicked.connect(self.dismiss)
        self._yes.clicked.connect(self._submit)
        self.setAccessibleName(f"{words.verb} {who}")
        self.setAccessibleDescription(words.text)
        self.set_content(self._content(f"{words.verb} {who}"))

    def show_sheet(self) -> None:
        """Open over the window."""
        self.open(self._reason.edit)

    def show_neighbours(self, near: Neighbours) -> None:
        """Say who else comes from the address, and let it be banned, too."""
        named = [isolated(name) for name in near.names[:_NAMED]]
        others = near.count - len(named)
        names = f"{', '.join(named)} and {others} more" if others > 0 else ", ".join(named)
        use = "1 other here uses it" if near.count == 1 else f"{near.count} others here use it"
        words = f"{use}: {names}." if near.count else "Nobody else here uses it."
        self._near.set_text(words)
        self._near.set_role("warning" if near.count else "text-muted")
        self._address_label.set_text(f"Also this address, {near.address}")
        self._address.setAccessibleName(f"Also this address, {near.address}")
        self._address.setAccessibleDescription(words)
        self._beside.setVisible(bool(near.address))
        self._position_card()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do it on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._cancel.hasFocus():
            self._submit()
        else:
            super().keyPressEvent(event)

    def _choose(self, value: str) -> None:
        self._chosen = int(value)

    def _submit(self) -> None:
        minutes = self._words.ends[self._chosen][1] if self._words.ends else 0
        answer = HowLong(self._reason.text, minutes, self._address.isChecked())
        self.dismiss()
        self.answered.emit(answer)

    def _address_row(self) -> QWidget:
        row, texts = QWidget(), QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._address_label)
        texts.addWidget(self._near)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._address, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(texts, 1)
        return row

    def _content(self, title: str) -> QWidget:
        content, theme = QWidget(), self._theme
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Icon(theme, self._words.icon, "danger" if self._words.danger else "text-muted"))
        head.addWidget(Label(theme, title, font="heading", wrap=True), 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._yes)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN - 2)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addSpacing(6)
        layout.addWidget(Label(theme, self._words.text, role="text-muted", wrap=True))
        layout.addSpacing(14)
        layout.addWidget(Label(theme, self._label, font="label", wrap=True))
        layout.addSpacing(6)
        layout.addWidget(self._reason)
        if self._end:
            layout.addSpacing(14)
            layout.addWidget(Label(theme, self._words.end, font="label"))
            layout.addSpacing(6)
            layout.addWidget(self._end)
        layout.addWidget(self._beside)
        layout.addSpacing(20)
        layout.addLayout(buttons)
        return content
