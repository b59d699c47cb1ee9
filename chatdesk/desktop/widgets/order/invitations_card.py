"""The card of invitations: making one, showing its code once, and taking others back."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button, ButtonLook, LinkButton
from chatdesk.desktop.widgets.common.copyable_text import CopyableText
from chatdesk.desktop.widgets.common.hairline import Hairline
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.qr_code import QrCode
from chatdesk.desktop.widgets.common.segmented_control import SegmentedControl
from chatdesk.desktop.widgets.order.invitation_terms import InvitationTerms
from chatdesk.protocol.admission_events import InvitationInfo, Invited
from chatdesk.protocol.text import isolated

# Pixels of the design, at 100 percent text.
_SIDE, _RADIUS, _QR, _ROW = 16, 12, 152, 48
_REVOKING = ButtonLook(None, "surface-hover", "danger")
_USES = {"1": "One person", "30": "A class (30)", "0": "Anybody"}
_SECONDS = {"3600": "An hour", "86400": "A day", "604800": "A week"}
_MORE, _LESS = "More: name, role, room", "Less"
_ROLES = {"moderator": "as moderator", "guest": "to read only"}


class InvitationsCard(QWidget):
    """Emits ``wished`` with how many people an invitation lets in, 0 for any number, for how many seconds, and what it
    fixes: nickname, room and role.

    ``revoked`` carries the id of one. ``may_appoint``: the person may invite moderators.
    """

    accessible_role = Role.Grouping

    wished = Signal(int, int, str, str, str)
    revoked = Signal(str)
    resized = Signal()

    def __init__(self, theme: Theme, *, may_appoint: bool) -> None:
        super().__init__()
        self._theme = theme
        self._uses_value, self._seconds_value = "1", "86400"
        self._code = ""
        self._uses = SegmentedControl(theme, "For", _USES)
        self._seconds = SegmentedControl(theme, "Ends after", _SECONDS)
        self.more_button = LinkButton(theme, _MORE)
        self.terms = InvitationTerms(theme, may_appoint=may_appoint)
        self.terms.hide()
        self.make_button = Button(theme, "New invitation", PRIMARY)
        self.made = _Made(theme)
        self._none = Label(theme, "No invitation is open.", role="text-muted", wrap=True)
        self._list = QVBoxLayout()
        self._rows: list[QWidget] = []
        self._uses.set_value("1")
        self._seconds.set_value("86400")
        self._uses.chosen.connect(self._choose_uses)
        self._seconds.chosen.connect(self._choose_seconds)
        self.make_button.clicked.connect(self._wish)
        self.more_button.clicked.connect(self._toggle_terms)
        self.setAccessibleName("Invitations")
        self._lay_out()

    def show_invited(self, invited: Invited | None, url: str) -> None:
        """Show the code of the invitation that was made last, and the link for the chat at ``url``."""
        self.made.setVisible(invited is not None)
        if invited and invited.code != self._code:
            announce(self, f"New invitation: {' '.join(invited.code)}")
        self._code = invited.code if invited else ""
        if invited:
            self.made.show_code(invited.code, f"{url.rstrip('/')}/#invite={invited.code}")

    def show_invitations(self, invitations: Sequence[InvitationInfo]) -> None:
        """Show those that there are."""
        for row in self._rows:
            self._list.removeWidget(row)
            row.deleteLater()
        self._rows = [self._row(info) for info in invitations]
        for row in self._rows:
            self._list.addWidget(row)
        self._none.setVisible(not invitations)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        paint_panel(painter, QRectF(self.rect()), _RADIUS, theme.color("surface"), theme.color("border"))
        painter.end()

    def _choose_uses(self, uses: str) -> None:
        self._uses_value = uses

    def _choose_seconds(self, seconds: str) -> None:
        self._seconds_value = seconds

    def _toggle_terms(self) -> None:
        """Show what else can be fixed, or fix nothing."""
        shown = self.terms.isHidden()
        self.terms.setVisible(shown)
        self.terms.clear()
        self.more_button.setText(_LESS if shown else _MORE)
        self.more_button.updateGeometry()
        self.resized.emit()

    def _wish(self) -> None:
        if (fixed := self.terms.fixed()) is not None:
            self.wished.emit(int(self._uses_value), int(self._seconds_value), *fixed)
        self.resized.emit()

    def _row(self, info: InvitationInfo) -> QWidget:
        row, about = QWidget(), described(info)
        revoke = Button(self._theme, "Revoke", _REVOKING)
        revoke.setAccessibleName(f"Revoke: {about}")
        revoke.clicked.connect(lambda: self.revoked.emit(info.id))
        line = QHBoxLayout(row)
        line.setContentsMargins(_SIDE, 4, _SIDE, 4)
        line.addWidget(Label(self._theme, about, wrap=True), 1)
        line.addWidget(revoke)
        return row

    def _lay_out(self) -> None:
        theme = self._theme
        form = QVBoxLayout()
        form.setContentsMargins(_SIDE, 14, _SIDE, 14)
        form.setSpacing(6)
        form.addWidget(Label(theme, "Invitations", weight=SEMIBOLD))
        about = "People who use one need no password, and do not wait."
        form.addWidget(Label(theme, about, font="label", weight=400, role="text-muted", wrap=True))
        for name, control in (("For", self._uses), ("Ends after", self._seconds)):
            form.addWidget(Label(theme, name, font="small", role="text-muted"))
            form.addWidget(control)
        form.addWidget(self.terms)
        form.addSpacing(4)
        buttons = QHBoxLayout()
        buttons.addWidget(self.more_button)
        buttons.addStretch(1)
        buttons.addWidget(self.make_button)
        form.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 6)
        column.setSpacing(0)
        column.addLayout(form)
        column.addWidget(self.made)
        column.addWidget(Hairline(theme))
        column.addLayout(self._list)
        none = QHBoxLayout()
        none.setContentsMargins(_SIDE, 10, _SIDE, 8)
        none.addWidget(self._none)
        column.addLayout(none)
        column.addStretch(1)
        self.made.hide()


class _Made(QWidget):
    """The code, the link and the QR code of a new invitation."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._qr = QrCode(theme, _QR)
        self._code = CopyableText(theme, "Code, to be said aloud", "code")
        self._link = CopyableText(theme, "Link, for any browser", "link", font="code", size=13)
        once = "Shown only now. Others see that there is one, not this."
        words = QVBoxLayout()
        words.setSpacing(10)
        words.addWidget(self._code)
        words.addWidget(self._link)
        words.addWidget(Label(theme, once, font="small", role="text-muted", wrap=True))
        words.addStretch(1)
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(_SIDE, 4, _SIDE, 14)
        row.setSpacing(16)
        row.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_code(self, code: str, link: str) -> None:
        """Show these; the QR code is that of the link."""
        self._code.set_text(code)
        self._link.set_text(link.removeprefix("http://"), link)
        self._qr.set_url(link)
        self._qr.fit_to_size(_QR, _QR)
        width = max(200, self.width() - _QR - 3 * _SIDE)
        for text in (self._code, self._link):
            text.fit_to_width(width)


def described(info: InvitationInfo) -> str:
    """Return what an invitation permits and how far it is used, in words."""
    who = f"For {isolated(info.nickname)}" if info.nickname else "For anybody" if not info.uses else ""
    used = f"{info.used} of {info.uses} used" if info.uses else f"{info.used} came"
    parts = [who, used, f"to {isolated(info.room)}" if info.room else "", _ROLES.get(info.role, ""), _end(info.expires)]
    return ", ".join(filter(None, parts))


def _end(expires: str) -> str:
    try:
        end = datetime.fromisoformat(expires).astimezone()
    except ValueError:
        return ""
    now = datetime.now().astimezone()
    if end <= now:
        return "ended"
    return f"ends {end:%H:%M}" if end.date() == now.date() else f"ends {end:%d %b %H:%M}"
