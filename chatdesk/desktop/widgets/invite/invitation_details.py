"""The invitation as texts: address, short code, name and WebSocket, each to be copied; or why there is none."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from chatdesk.client.address import parse_address
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.text import NO_NETWORK, display_address
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.choice_button import ChoiceButton
from chatdesk.desktop.widgets.common.copyable_text import CopyableText
from chatdesk.desktop.widgets.common.hairline import Hairline
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.invite.network_choice import NetworkChoice

# Pixels of the design, at 100 percent text.
_SMALL = 16
_GAP = 16
_REACHED = "Others have reached you at this address."
_NOT_REACHED = "Nobody has come in by this address yet."
_NO_NETWORK_ICON = 40
_NO_NETWORK_WIDTH = 420


class InvitationDetails(QWidget):
    """Shows one invitation, and offers those by other networks; a row without a text is hidden."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._name = ""
        self._address = CopyableText(theme, "Address, for any browser", "address")
        self._short = CopyableText(theme, "Short code, for the app", "short code")
        self._local = CopyableText(theme, "Name, where the network knows names", "name", font="code", size=_SMALL)
        self._socket = CopyableText(
            theme, "WebSocket, for terminals and programs", "WebSocket", font="code", size=_SMALL
        )
        self._key = CopyableText(theme, "Key, to read aloud and compare", "key", font="code", size=_SMALL)
        self.network_choice = NetworkChoice(theme)
        self.entry_button = ChoiceButton(theme, "Who may join")
        self._tick = Icon(theme, "check", "success", size=16)
        self._reached_row = QWidget()
        self._reached = Label(theme, font="small", role="text-muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._gaps = {row: _flexible_gap() for row in self._rows}
        for row, gap in self._gaps.items():
            column.addWidget(row)
            column.addItem(gap)
        self._network_section = self._lay_out_network()
        column.addWidget(self._network_section)
        self._entry_section = self._lay_out_entry()
        column.addWidget(self._entry_section)
        self.set_entry("", "")
        column.addStretch(1)
        self.set_reached(False)
        self.set_key_words(())

    @property
    def _rows(self) -> tuple[CopyableText, ...]:
        return self._address, self._short, self._local, self._socket, self._key

    @property
    def first_button(self) -> QWidget:
        """The button that copies the address, for the focus."""
        return self._address.copy_button

    def set_local_name(self, name: str) -> None:
        """Set the name of this computer in networks that resolve names; empty for none."""
        self._name = name

    def set_key_words(self, words: Sequence[str]) -> None:
        """Show the words of the key by which others recognise this chat; none for a chat that is not encrypted."""
        self._key.set_text(" ".join(words))
        self._show_row(self._key, bool(words))

    def set_invitations(self, invitations: Sequence[Invitation], shown: Invitation) -> None:
        """Show ``shown``, and offer all of them."""
        self._address.set_text(display_address(shown.url), shown.url)
        self._short.set_text(shown.code)
        self._show_row(self._short, bool(shown.code))
        named = f"{self._name}:{shown.port}"
        self._local.set_text(named, f"{shown.url.partition('://')[0]}://{named}")
        self._show_row(self._local, bool(self._name) and not shown.public_url)
        self._socket.set_text(parse_address(shown.url))
        self._network_section.setVisible(shown.network is not None or len(invitations) > 1)
        self._reached_row.setVisible(not shown.public_url)
        self.network_choice.set_invitations(invitations, shown)

    def set_reached(self, reached: bool) -> None:
        """Show whether others have joined by the shown address."""
        self._tick.setVisible(reached)
        self._reached.set_text(_REACHED if reached else _NOT_REACHED)
        self._reached.set_role("success" if reached else "text-muted")

    def set_entry(self, picture: str, words: str) -> None:
        """Show who may join; no words while that is not known."""
        self.entry_button.show_choice(picture, words)
        self._entry_section.setVisible(bool(words))

    def fit_to_width(self, width: int) -> None:
        """Fit into this many pixels."""
        for row in self._rows:
            row.fit_to_width(width)

    def _show_row(self, row: CopyableText, shown: bool) -> None:
        row.setVisible(shown)
        self._gaps[row].changeSize(0, _GAP if shown else 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Maximum)

    def _lay_out_entry(self) -> QWidget:
        section = QWidget()
        column = QVBoxLayout(section)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addItem(_flexible_gap())
        column.addWidget(Label(self._theme, "Who may join", font="small", role="text-muted"))
        column.addSpacing(4)
        column.addWidget(self.entry_button)
        return section

    def _lay_out_network(self) -> QWidget:
        """Return the section of the network, below a hairline."""
        by = QWidget()
        reached = QHBoxLayout(self._reached_row)
        reached.setContentsMargins(0, 0, 0, 0)
        reached.setSpacing(6)
        reached.addWidget(self._tick)
        reached.addWidget(self._reached, 1)
        column = QVBoxLayout(by)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline(self._theme))
        column.addItem(_flexible_gap())
        column.addWidget(Label(self._theme, "Network", font="small", role="text-muted"))
        column.addSpacing(4)
        column.addWidget(self.network_choice)
        column.addSpacing(6)
        column.addWidget(self._reached_row)
        return by


def _flexible_gap() -> QSpacerItem:
    """Return a gap that shrinks before anything has to scroll."""
    return QSpacerItem(0, _GAP, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Maximum)


class NoNetwork(QWidget):
    """Says that there is no network and what to do, in the place of the details."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._content = QWidget()
        heading = Label(theme, "No network", font="heading", wrap=True)
        sentence = Label(theme, NO_NETWORK, role="text-muted", wrap=True)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(6)
        column.addStretch(1)
        column.addWidget(Icon(theme, "wifi-off", size=_NO_NETWORK_ICON), 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (heading, sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._content)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def _apply_theme(self) -> None:
        self._content.setMaximumWidth(self._theme.px(_NO_NETWORK_WIDTH))
