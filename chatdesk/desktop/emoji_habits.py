"""Which emoji somebody has used last, and in which skin tone: kept for the next start."""

from PySide6.QtCore import QObject, Signal

from chatdesk.desktop.settings import Settings
from chatdesk.protocol.emoji import SKIN_TONES, normalise

MOST_RECENT = 16
"""Two rows of the picker."""
_USUAL = ("👍", "🎉", "❤️", "😂", "🙏", "✅", "👀", "🔧")
"""Shown behind one's own, until there are enough of these."""


class EmojiHabits(QObject):
    """One person's habits. ``changed`` is emitted for another skin tone."""

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    @property
    def tone(self) -> int:
        """The number of the skin tone in ``SKIN_TONES``."""
        return self._settings.skin_tone if 0 <= self._settings.skin_tone < len(SKIN_TONES) else 0

    @tone.setter
    def tone(self, tone: int) -> None:
        self._settings.skin_tone = tone
        self.changed.emit()

    @property
    def recent(self) -> list[str]:
        """The emoji used last, newest first, and usual ones behind them; as they were used, in their tone."""
        own = filter(None, map(normalise, self._settings.recent_emoji))
        return list(dict.fromkeys((*own, *_USUAL)))[:MOST_RECENT]

    def use(self, emoji: str) -> None:
        """The person has used this emoji now."""
        others = [other for other in self._settings.recent_emoji if other != emoji]
        self._settings.recent_emoji = [emoji, *others][:MOST_RECENT]
