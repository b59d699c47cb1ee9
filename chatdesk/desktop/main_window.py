"""The window: shows the start screen or the chat's screen."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedLayout, QWidget

from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.dialogs.settings import SettingsSheet
from chatdesk.desktop.dialogs.sheet import Sheet
from chatdesk.desktop.icons import app_icon
from chatdesk.desktop.settings import Settings
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from chatdesk.desktop.widgets.common.focus_ring import FocusRing
from chatdesk.desktop.widgets.common.toast import Toast
from chatdesk.desktop.widgets.start.start_screen import StartScreen
from chatdesk.desktop.window_geometry import WindowGeometry
from chatdesk.protocol.text import isolated

_START, _CHAT = "start", "chat"


class MainWindow(QWidget):
    """Layout and geometry; it has no logic. ``closed`` is emitted when the person closes it."""

    accessible_role = Role.Window

    closed = Signal()

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._sizes = theme.tokens["size"]["window"]
        self._shown = ""
        self._name, self._unread = "", 0
        self._geometry = WindowGeometry(self)
        self.start = StartScreen(theme)
        self.toast = Toast(theme, self)
        self.settings_sheet = SettingsSheet(theme, self)
        self._screens = QStackedLayout(self)
        self._screens.addWidget(self.start)
        self.setWindowTitle("ChatDesk")
        self.setWindowIcon(app_icon())
        self.setMinimumSize(QSize(*self._sizes["min"]))
        QShortcut(QKeySequence("Ctrl+Q"), self, self.close)
        FocusRing(theme, self)

    def show_start(self) -> None:
        """Show the start screen."""
        self._name, self._unread = "", 0
        self._show_title()
        self.toast.set_anchor(self)
        self._switch_to(_START, self.start)

    def show_chat(self, screen: ChatScreen, name: str) -> None:
        """Show a chat's screen; ``name`` is the chat's name."""
        self._screens.addWidget(screen)
        self._name = name
        self._show_title()
        self.toast.set_anchor(screen.composer, screen.footer_height)
        self._switch_to(_CHAT, screen)

    def show_waiting(self, screen: QWidget, name: str) -> None:
        """Show in place of the start screen that the person waits to be let in."""
        self._screens.addWidget(screen)
        self._name = name
        self._show_title()
        self._switch_to(_START, screen)

    def set_unread(self, number: int) -> None:
        """Say in the title how many messages ask for attention."""
        self._unread = number
        self._show_title()

    def remove_chat(self, screen: QWidget) -> None:
        """Remove the screen of a chat that was left."""
        self.toast.set_anchor(self)  # the server may still shut down before another screen is shown
        self._screens.removeWidget(screen)
        screen.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._save_geometry()
        event.accept()
        self.closed.emit()

    def _show_title(self) -> None:
        count = f"({self._unread}) " if self._unread and self._name else ""
        self.setWindowTitle(f"{count}{isolated(self._name)} – ChatDesk" if self._name else "ChatDesk")

    def _switch_to(self, name: str, screen: QWidget) -> None:
        """Show a screen; start screen and chat each have their own remembered geometry."""
        if name != self._shown:
            self._save_geometry()
            self._shown = name
            size = QSize(*self._sizes["start" if name == _START else "default"])
            self._geometry.restore(self._settings.geometry(name), size)
        self._screens.setCurrentWidget(screen)
        over = [sheet for sheet in self.findChildren(Sheet) if not sheet.isHidden()]
        for sheet in over:
            sheet.move_over(screen)
        if not over:
            screen.setFocus()
        if not self.isVisible():
            self.show()
            self.activateWindow()  # without a window manager nothing else gives it the focus

    def _save_geometry(self) -> None:
        if self._shown and self.isVisible():
            self._settings.set_geometry(self._shown, self.saveGeometry())
