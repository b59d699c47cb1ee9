"""Values that the window remembers between starts, in an INI file that people can read and delete."""

from datetime import date, datetime
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QSettings

RECENTS_SHOWN = 3
"""How many recent chats the start screen shows and probes; three leave room for the chats found nearby."""

_RECENTS_KEPT = 8
"""How many are stored: a person's usual chats, while the value stays a short line of the file."""


class RecentChat(msgspec.Struct, frozen=True):
    """A chat that was joined: its name, its address as people type it, and when it was joined last."""

    name: str
    address: str
    day: date
    """The local date at the time of joining; an earlier version stored nothing else."""
    moment: datetime | None = None

    @property
    def local_day(self) -> date:
        """The date of joining, in the time zone that this computer is in now."""
        return self.moment.astimezone().date() if self.moment else self.day


def new_recent_chat(name: str, address: str) -> RecentChat:
    """Return an entry for a chat joined now."""
    now = datetime.now().astimezone()
    return RecentChat(name, address, now.date(), now)


class Settings:
    """The last used values; a value that is missing or unreadable in the file has its default."""

    def __init__(self, file: Path) -> None:
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def nickname(self) -> str:
        """The nickname last used."""
        return self._text("nickname")

    @nickname.setter
    def nickname(self, nickname: str) -> None:
        self._store.setValue("nickname", nickname)

    @property
    def room_name(self) -> str:
        """The name of the chat hosted last."""
        return self._text("room_name")

    @room_name.setter
    def room_name(self, name: str) -> None:
        self._store.setValue("room_name", name)

    @property
    def theme(self) -> str:
        """The chosen theme, a value of ``theme.CHOICES``."""
        return self._text("theme", "system")

    @theme.setter
    def theme(self, choice: str) -> None:
        self._store.setValue("theme", choice)

    @property
    def text_scale(self) -> float:
        """Size of text, 1.0 being 100 percent."""
        try:
            return float(self._text("text_scale", "1.0"))
        except ValueError:
            return 1.0

    @text_scale.setter
    def text_scale(self, scale: float) -> None:
        self._store.setValue("text_scale", f"{scale:.1f}")

    @property
    def discovery(self) -> bool:
        """Whether the start screen looks for chats on the network."""
        return self._text("discovery", "on") != "off"

    @discovery.setter
    def discovery(self, on: bool) -> None:
        self._store.setValue("discovery", "on" if on else "off")

    @property
    def notifications(self) -> bool:
        """Whether notifications are shown beside those of other programs."""
        return self._text("notifications", "on") != "off"

    @notifications.setter
    def notifications(self, on: bool) -> None:
        self._store.setValue("notifications", "on" if on else "off")

    @property
    def notification_text(self) -> bool:
        """Whether they show what was written."""
        return self._text("notification_text", "on") != "off"

    @notification_text.setter
    def notification_text(self, shown: bool) -> None:
        self._store.setValue("notification_text", "on" if shown else "off")

    @property
    def typing(self) -> bool:
        """Whether others see that the person types."""
        return self._text("typing", "on") != "off"

    @typing.setter
    def typing(self, on: bool) -> None:
        self._store.setValue("typing", "on" if on else "off")

    @property
    def receipts(self) -> bool:
        """Whether others see what the person has read; a chat may know better that they do not."""
        return self._text("receipts", "on") != "off"

    @receipts.setter
    def receipts(self, on: bool) -> None:
        self._store.setValue("receipts", "on" if on else "off")

    @property
    def skin_tone(self) -> int:
        """The number of the skin tone of emoji, see ``protocol.emoji.SKIN_TONES``."""
        text = self._text("skin_tone", "0")
        return int(text) if text.isdecimal() else 0

    @skin_tone.setter
    def skin_tone(self, tone: int) -> None:
        self._store.setValue("skin_tone", str(tone))

    @property
    def recent_emoji(self) -> list[str]:
        """The emoji used last, newest first."""
        return self._text("recent_emoji").split()

    @recent_emoji.setter
    def recent_emoji(self, emoji: list[str]) -> None:
        self._store.setValue("recent_emoji", " ".join(emoji))

    @property
    def recents(self) -> list[RecentChat]:
        """The chats joined last, newest first."""
        try:
            return msgspec.json.decode(self._text("recents", "[]"), type=list[RecentChat])[:_RECENTS_KEPT]
        except (msgspec.DecodeError, UnicodeError):
            return []

    def add_recent(self, recent: RecentChat) -> None:
        """Put a chat at the head of the recent ones, and keep those that another window has added meanwhile."""
        self._store.sync()
        others = [other for other in self.recents if other.address != recent.address]
        self._store.setValue("recents", msgspec.json.encode([recent, *others][:_RECENTS_KEPT]).decode())

    def geometry(self, window: str) -> QByteArray:
        """A screen's geometry, for QWidget.restoreGeometry; empty if there is none."""
        value = self._store.value(f"geometry/{window}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_geometry(self, window: str, geometry: QByteArray) -> None:
        """Remember a screen's geometry."""
        self._store.setValue(f"geometry/{window}", geometry)

    def _text(self, key: str, default: str = "") -> str:
        value = self._store.value(key)
        return value if isinstance(value, str) else default
