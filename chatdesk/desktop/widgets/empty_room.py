"""Nobody has said anything yet: how others come in, for who hosts; a first word, for who has joined."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from chatdesk.desktop.text import count, typed_address
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.avatar import speaking_disc
from chatdesk.desktop.widgets.button import PRIMARY, Button
from chatdesk.desktop.widgets.label import Label
from chatdesk.desktop.widgets.qr import Qr
from chatdesk.desktop.widgets.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.shapes import paint_lamp

_QR = 276
_WIDEST = 728
_BESIDE_FROM = 700
_BUTTONS_BESIDE_FROM = 400
_STEP = 26


class EmptyRoom(QScrollArea):
    """Its two signals are its two buttons. Without a ``url``, no way in is shown."""

    projector_wanted = Signal()
    copy_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._about = Label(theme, font="message", role="text-muted", wrap=True)
        self._qr = Qr(theme, _QR)
        self._address = Label(theme, font="address", size=22, wrap=True)
        self._way_in = QWidget()
        self._block = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ScrollBar(theme, self)
        self._lay_out_way_in()
        content = self._content()
        self.setWidget(content)
        for ground in (self.viewport(), content):
            ground.setAutoFillBackground(False)
        self._way_in.hide()
        theme.changed.connect(self._arrange)
        self._arrange()

    def set_url(self, url: str) -> None:
        """Show the way to the page at ``url``."""
        self._qr.set_url(url)
        self._address.set_text(typed_address(url))
        self._way_in.show()

    def set_people(self, number: int) -> None:
        """Say how many are here."""
        alone = (
            "Nobody here yet. Three steps, and everyone is in."
            if self._way_in.isVisibleTo(self)
            else "Nobody else is here yet."
        )
        here = f"{count(number, 'person is', 'people are')} here, and nobody has said anything yet."
        self._about.set_text(alone if number <= 1 else here)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Code and steps side by side where there is room."""
        self._block.setMaximumWidth(self._theme.px(_WIDEST))
        for row, beside_from in ((self._columns, _BESIDE_FROM), (self._buttons, _BUTTONS_BESIDE_FROM)):
            beside = self.viewport().width() >= self._theme.px(beside_from)
            row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def _content(self) -> QWidget:
        content = QWidget()
        head = QHBoxLayout()
        head.setSpacing(13)
        head.addWidget(_LargeLamp(self._theme))
        head.addWidget(Label(self._theme, "The room is open", font="display"), 1)
        column = QVBoxLayout(self._block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addLayout(head)
        column.addSpacing(6)
        column.addWidget(self._about)
        column.addSpacing(26)
        column.addWidget(self._way_in)
        column.addStretch(1)
        middle = QHBoxLayout(content)
        middle.setContentsMargins(24, 16, 24, 16)
        middle.addWidget(self._block)
        return content

    def _lay_out_way_in(self) -> None:
        projector = Button(self._theme, "Show on projector", PRIMARY, icon="projector", size="normal")
        projector.clicked.connect(self.projector_wanted)
        copy = Button(self._theme, "Copy address", icon="copy", size="normal")
        copy.clicked.connect(self.copy_wanted)
        self._buttons.setSpacing(10)
        self._buttons.addWidget(projector)
        self._buttons.addWidget(copy)
        self._buttons.addStretch(1)
        self._columns.setSpacing(40)
        self._columns.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignTop)
        self._columns.addLayout(self._steps(), 1)
        layout = QVBoxLayout(self._way_in)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(30)
        layout.addLayout(self._columns)
        layout.addLayout(self._buttons)

    def _steps(self) -> QVBoxLayout:
        steps = QVBoxLayout()
        steps.setSpacing(18)
        network = "Phones and laptops join this computer’s network."
        steps.addLayout(self._step("1", "Same network", self._muted(network)))
        steps.addLayout(self._step("2", "Scan, or type the address", self._address))
        steps.addLayout(self._step("3", "Pick a name", self._muted("That is all. No app, no account.")))
        steps.addStretch(1)
        return steps

    def _step(self, number: str, title: str, below: QWidget) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addSpacing(1)
        words.addWidget(Label(self._theme, title, font="message", weight=500))
        words.addWidget(below)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(_Number(self._theme, number), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _muted(self, text: str) -> Label:
        return Label(self._theme, text, role="text-muted", wrap=True)


class _LargeLamp(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        lamp = self._theme.tokens["size"]["lamp"]
        return QSize(1, 1) * self._theme.px(lamp["coreLarge"] + 2 * lamp["haloLarge"] + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_lamp(painter, QPointF(self.width() / 2, self.height() / 2), self._theme, large=True)
        painter.end()


class _Number(QWidget):
    """A step's number in a disc that speaks to its words."""

    def __init__(self, theme: Theme, number: str) -> None:
        super().__init__()
        self._theme, self._number = theme, number
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(1, 1) * self._theme.px(_STEP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent-soft"))
        painter.drawPath(speaking_disc(QRectF(self.rect()), self._theme))
        painter.setPen(self._theme.color("accent-soft-text"))
        painter.setFont(self._theme.font("label", 600))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._number)
        painter.end()
