"""The empty room: an invitation for the host to pass on, a sentence for people who have joined."""

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from chatdesk.client.address import is_loopback_url
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.text import NO_NETWORK, pluralized
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.lamp import Lamp
from chatdesk.desktop.widgets.common.qr_code import MIN_SIDE, QrCode
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.invite.invitation_footer import InvitationFooter
from chatdesk.desktop.widgets.invite.join_steps import JoinSteps

# Pixels of the design, at 100 percent text.
_MAX_QR = 276
_MIN_QR_BESIDE = 200
"""Pixels: a smaller QR code goes above the steps, where it can be larger."""

_STEPS = 340
_MAX_WIDTH = 728
_SIDE = 24
_SCROLL_BAR = 12
_COLUMN_GAP = 40
_LAMP_GAP = 13
_EXPLANATION_GAP = 6


class _Gaps(NamedTuple):
    around: int
    code: int
    buttons: int
    compact: bool = False


_ROOMY, _TIGHT, _COMPACT = _Gaps(16, 26, 30), _Gaps(8, 12, 14), _Gaps(8, 12, 14, compact=True)


class EmptyRoom(QScrollArea):
    """Shown while a room has no messages. Its signals are its buttons, which only a host sees."""

    projector_requested = Signal()
    copy_requested = Signal()
    check_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._alone_sentence = "Nobody else is here yet."
        self._user_count, self._is_open, self._has_invitation = 1, True, False
        self._room_heading = self._room = ""
        self._lamp = Lamp(theme, large=True)
        self._heading = Label(theme, font="display", wrap=True)
        self._explanation = Label(theme, font="message", role="text-muted", wrap=True)
        self._qr = QrCode(theme, _MAX_QR)
        self._steps = JoinSteps(theme)
        self._footer = InvitationFooter(theme, Button(theme, "Copy address", icon="copy", size="normal"))
        self._block, self._invitation = QWidget(), QWidget()
        self._rows = QVBoxLayout(self._invitation)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._footer_height = 0
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ScrollBar(theme, self, hint=True)
        self._footer.projector_button.clicked.connect(self.projector_requested)
        self._footer.second_button.clicked.connect(self.copy_requested)
        self._footer.check_prompt.check_requested.connect(self.check_requested)
        self._lay_out_invitation()
        content = self._content()
        self.setWidget(content)
        for widget in (self.viewport(), content):
            widget.setAutoFillBackground(False)
        self._invitation.hide()
        self.set_open(True)
        theme.changed.connect(self._arrange)

    def set_invitation(self, invitation: Invitation | None) -> None:
        """Show this invitation, when hosting; None if there is no network."""
        if invitation:
            promise = "" if is_loopback_url(invitation.url) else " Three steps, and everyone is in."
            self._alone_sentence = f"Nobody here yet.{promise}"
            self._qr.set_url(invitation.url)
            self._steps.set_invitation(invitation)
        else:
            self._alone_sentence = f"Nobody here yet. {NO_NETWORK}"
        self._has_invitation = invitation is not None
        self._invitation.setVisible(self._has_invitation and not self._room_heading)
        self._show_words()

    def set_people(self, number: int) -> None:
        """Set how many people are here."""
        self._user_count = number
        self._show_words()

    def set_open(self, is_open: bool) -> None:
        """Set whether the room can be reached."""
        self._is_open = is_open
        self._lamp.set_on(is_open)
        self._show_words()

    def set_room(self, heading: str = "", explanation: str = "") -> None:
        """Speak of a room besides that of the join, where nobody is invited from outside; of that one by default."""
        self._room = explanation
        self._room_heading = heading
        self._lamp.setVisible(not heading)
        self._invitation.setVisible(self._has_invitation and not heading)
        self._show_words()

    def _show_words(self) -> None:
        number = self._user_count
        here = f"{pluralized(number, 'person is', 'people are')} here, and nobody has said anything yet."
        home = "The room is open" if self._is_open else "Not connected"
        self._heading.set_text(self._room_heading or home)
        self._explanation.set_text(self._room or (self._alone_sentence if number <= 1 else here))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put code and steps side by side if there is room, with the largest code and gaps that need no scrolling.

        The viewport's width is not used: it depends on the scroll bar, and the scroll bar depends on this layout.
        Heights are computed as if the scroll bar were shown; otherwise it would not disappear again.
        """
        px = self._theme.px
        self._block.setMaximumWidth(px(_MAX_WIDTH))
        beside_steps = min(self.width() - 2 * _SIDE, px(_MAX_WIDTH)) - _COLUMN_GAP - px(_STEPS)
        width = min(self.width() - _SCROLL_BAR - 2 * _SIDE, px(_MAX_WIDTH))
        beside = beside_steps >= _MIN_QR_BESIDE
        self._columns.setDirection(_direction(beside))
        self._footer_height = self._footer.fit_to_width(width)
        max_side = min(beside_steps if beside else width, _MAX_QR)
        for gaps in (_ROOMY, _TIGHT, _COMPACT):
            self._set_gaps(gaps)
            if (height := self._height_left(width, max_side, gaps)) >= self._height_needed(width, max_side):
                break
        else:  # it must scroll: show the code and the buttons whole, before any scrolling
            above = self._height_above(width, gaps)
            side = self._qr.fit_to_size(max_side, self.height() - above - gaps.around)
            self._keep_buttons_whole(above + self._columns_height(width, side) + gaps.buttons)
            return
        self._qr.fit_to_size(max_side, height)

    def _keep_buttons_whole(self, top: int) -> None:
        """Move the buttons below the visible part if only a part of them would be visible."""
        if top < self.height() < top + self._footer_height:
            self._rows.setSpacing(self._rows.spacing() + self.height() - top)

    def _columns_height(self, width: int, side: int) -> int:
        if _is_beside(self._columns):
            return max(side, self._steps.heightForWidth(width - _COLUMN_GAP - side))
        return side + _COLUMN_GAP + self._steps.heightForWidth(width)

    def _height_left(self, width: int, max_side: int, gaps: _Gaps) -> int:
        """Return the height that is left for the code, in pixels, or for the code with the steps beside it."""
        height = self.height() - self._height_above(width, gaps) - gaps.buttons - self._footer_height - gaps.around
        return height if _is_beside(self._columns) else height - _COLUMN_GAP - self._steps.heightForWidth(width)

    def _height_needed(self, width: int, max_side: int) -> int:
        """Return the height that is needed there to avoid scrolling, in pixels."""
        return self._steps.heightForWidth(width - _COLUMN_GAP - max_side) if _is_beside(self._columns) else MIN_SIDE

    def _height_above(self, width: int, gaps: _Gaps) -> int:
        """Return the height of what is above the code, in pixels."""
        heading = self._heading.heightForWidth(width - self._lamp.sizeHint().width() - _LAMP_GAP)
        return gaps.around + heading + _EXPLANATION_GAP + self._explanation.heightForWidth(width) + gaps.code

    def _set_gaps(self, gaps: _Gaps) -> None:
        self._around.setContentsMargins(_SIDE, gaps.around, _SIDE, gaps.around)
        self._rows.setContentsMargins(0, gaps.code, 0, 0)
        self._rows.setSpacing(gaps.buttons)
        self._steps.set_compact(gaps.compact)

    def _content(self) -> QWidget:
        header = QHBoxLayout()
        header.setSpacing(_LAMP_GAP)
        header.addWidget(self._lamp)
        header.addWidget(self._heading, 1)
        column = QVBoxLayout(self._block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addLayout(header)
        column.addSpacing(_EXPLANATION_GAP)
        column.addWidget(self._explanation)
        column.addWidget(self._invitation)
        column.addStretch(1)
        content = QWidget()
        self._around = QHBoxLayout(content)
        self._around.addWidget(self._block)
        return content

    def _lay_out_invitation(self) -> None:
        self._columns.setSpacing(_COLUMN_GAP)
        self._columns.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignTop)
        self._columns.addWidget(self._steps, 1)
        self._rows.addLayout(self._columns)
        self._rows.addWidget(self._footer)


def _direction(beside: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom


def _is_beside(row: QBoxLayout) -> bool:
    return row.direction() == QBoxLayout.Direction.LeftToRight
