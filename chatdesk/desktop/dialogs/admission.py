"""Admission: those who wait for approval, and invitations, as host and moderators decide them."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.order.invitations_card import InvitationsCard
from chatdesk.desktop.widgets.order.waiting_card import WaitingCard

# Pixels as in the design, at 100 percent text.
_SIZE = QSize(960, 0)
_GAP, _BOTTOM = 16, 28
_WAITING_SHARE, _INVITATIONS_SHARE = 512, 390


class AdmissionSheet(Sheet):
    """The two cards side by side, or one above the other where there is less room."""

    def __init__(self, theme: Theme, window: QWidget, *, may_guard: bool) -> None:
        super().__init__(theme, window, _SIZE)
        self.waiting = WaitingCard(theme, may_guard=may_guard)
        self.invitations = InvitationsCard(theme)
        self._close = IconButton(theme, "close", "Close", shortcut="Esc")
        self._close.clicked.connect(self.dismiss)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setContentsMargins(SIDE_MARGIN, 12, SIDE_MARGIN, _BOTTOM)
        self._columns.setSpacing(_GAP)
        self._columns.addWidget(self.waiting, _WAITING_SHARE)
        self._columns.addWidget(self.invitations, _INVITATIONS_SHARE)
        content = QWidget()
        content.setLayout(self._columns)
        self.setAccessibleName("Admission")
        self.set_content(content, sheet_header(theme, "Admission", self._close))

    def show_sheet(self, *, inviting: bool = False) -> None:
        """Open over the window; ``inviting``: to make an invitation."""
        self.open(self.invitations.make_button if inviting else self.waiting.focus_first())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= self._theme.px(_SIZE.width())
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._position_card()
