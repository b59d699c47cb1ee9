"""The board of those who keep order: who waits, what is held, whose hand is up, who is kept out, and what was done."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.order.hands_card import HandsCard
from chatdesk.desktop.widgets.order.held_card import HeldCard
from chatdesk.desktop.widgets.order.invitations_card import InvitationsCard
from chatdesk.desktop.widgets.order.records_card import AuditCard, InForceCard
from chatdesk.desktop.widgets.order.waiting_card import WaitingCard

# Pixels as in the design, at 100 percent text.
_SIZE = QSize(960, 0)
_GAP, _BOTTOM = 16, 28
_LEFT_SHARE, _RIGHT_SHARE = 512, 390


class OrderBoard(Sheet):
    """Cards in two columns, or in one where there is less room. ``may_guard``: see ``WaitingCard``."""

    def __init__(self, theme: Theme, window: QWidget, *, may_guard: bool) -> None:
        super().__init__(theme, window, _SIZE)
        self.waiting = WaitingCard(theme, may_guard=may_guard)
        self.held, self.hands = HeldCard(theme), HandsCard(theme)
        self.invitations = InvitationsCard(theme, may_appoint=may_guard)
        self.in_force, self.audit = InForceCard(theme), AuditCard(theme)
        self.invitations.resized.connect(self.fit)
        self._close = IconButton(theme, "close", "Close", shortcut="Esc")
        self._close.clicked.connect(self.dismiss)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setContentsMargins(SIDE_MARGIN, 12, SIDE_MARGIN, _BOTTOM)
        self._columns.setSpacing(_GAP)
        self._columns.addLayout(_column(self.waiting, self.held, self.in_force, self.audit), _LEFT_SHARE)
        self._columns.addLayout(_column(self.hands, self.invitations), _RIGHT_SHARE)
        content = QWidget()
        content.setLayout(self._columns)
        self.setAccessibleName("Keeping order")
        self.set_content(content, sheet_header(theme, "Keeping order", self._close))

    def show_sheet(self, focus: QWidget | None = None) -> None:
        """Open over the window; the ``focus`` is by default on what waits for an answer first."""
        waiting = (card.rows[0] for card in (self.waiting, self.held, self.hands) if card.rows)
        self.open(focus or next(waiting, self._close))

    def show_cards(self, *, admission: bool, held: bool, hands: bool, records: bool) -> None:
        """Show the cards of what the person may see."""
        for card, shown in (
            *((self.waiting, admission), (self.invitations, admission)),
            *((self.held, held), (self.hands, hands), (self.in_force, records), (self.audit, records)),
        ):
            card.setVisible(shown)

    def fit(self) -> None:
        """Fit the card to its content, which has changed."""
        if not self.isHidden():
            self._position_card()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= self._theme.px(_SIZE.width())
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._position_card()


def _column(*cards: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(_GAP)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return column
