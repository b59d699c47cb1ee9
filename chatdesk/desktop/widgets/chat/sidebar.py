"""The sidebar: the chat, the address for others, the rooms, the people, and the user."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.order_row import OrderRow
from chatdesk.desktop.widgets.chat.sidebar_header import SidebarHeader
from chatdesk.desktop.widgets.chat.user_bar import UserBar
from chatdesk.desktop.widgets.common.hairline import Hairline
from chatdesk.desktop.widgets.invite.address_card import AddressCard
from chatdesk.desktop.widgets.people.people_panel import PeopleColumn, PeoplePanel
from chatdesk.desktop.widgets.rooms.rooms_panel import RoomsPanel

# Pixels of the design, at 100 percent text.
_CARD_MARGIN, _BELOW_CARD, _ABOVE_HEADING = 12, 3, 10


class Sidebar(QWidget):
    """Only the layout. The address card is visible only with ``hosting``."""

    def __init__(self, theme: Theme, people: PeopleModel, *, hosting: bool) -> None:
        super().__init__()
        self._theme = theme
        self.header = SidebarHeader(theme)
        self.address_card = AddressCard(theme)
        self.people_panel = PeoplePanel(theme, people)
        self.order_row = OrderRow(theme)
        self.rooms_panel = RoomsPanel(theme)
        self.user_bar = UserBar(theme)
        card_row = QWidget()
        card_layout = QHBoxLayout(card_row)
        card_layout.setContentsMargins(_CARD_MARGIN, _CARD_MARGIN, _CARD_MARGIN, _BELOW_CARD)
        card_layout.addWidget(self.address_card)
        self._middle = QVBoxLayout()
        self._middle.setSpacing(0)
        self._middle.addWidget(self.order_row)
        self._middle.addWidget(self.rooms_panel)
        self._middle.addWidget(self.people_panel, 1)
        self._middle.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 1, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(Hairline(theme))
        layout.addWidget(card_row)
        layout.addLayout(self._middle, 1)
        layout.addWidget(Hairline(theme))
        layout.addWidget(self.user_bar)
        card_row.setVisible(hosting)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def move_people_to(self, column: PeopleColumn) -> None:
        """Move the people panel to this column."""
        self.people_panel.set_in_column(True)
        column.add_panel(self.people_panel)

    def move_people_back(self) -> None:
        """Move the people panel back into the sidebar."""
        self.people_panel.set_in_column(False)
        self._middle.insertWidget(2, self.people_panel, 1)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Focus the header, without a focus proxy; ``Composer.setFocus`` says why."""
        self.header.setFocus(reason)

    def _apply_theme(self) -> None:
        """Keep one person in sight below many rooms."""
        size = self._theme.tokens["size"]
        self.people_panel.setMinimumHeight(self._theme.px(size["sectionHeading"] + size["personRow"]) + _ABOVE_HEADING)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("background"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), self._theme.color("border"))
        painter.end()
