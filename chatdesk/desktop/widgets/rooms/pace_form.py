"""The pace of a room, as those who may set it choose it, and as others read it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.room_list import PaceSettings
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.segmented_control import SegmentedControl
from chatdesk.desktop.widgets.common.toggle import Toggle

_STEPS = {0: "Off", 10: "10 s", 30: "30 s", 60: "1 min", 300: "5 min"}
_SLOW = "One message per person in that time. The host and moderators are not slowed."
_SWITCHES = {
    "hold": (
        "Hold for approval",
        "The host and moderators see each message first. Its writer sees that it waits.",
    ),
    "announce": ("Announcements only", "Only the host and moderators write. Others read and react."),
    "nameless": ("Questions without a name", "Nothing that is kept says who has asked."),
}


class PaceForm(QWidget):
    """Controls for a person who ``may_change`` the pace; for others, what is on."""

    def __init__(self, theme: Theme, pace: PaceSettings, *, may_change: bool) -> None:
        super().__init__()
        self._theme, self._before, self._slow = theme, pace, _nearest(pace.slow)
        self._steps = SegmentedControl(theme, "Slow mode", _STEPS)
        self._steps.set_value(self._slow)
        self._steps.chosen.connect(self._choose)
        self._toggles = {name: Toggle(theme, title) for name, (title, _) in _SWITCHES.items()}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._add(Label(theme, "Pace", font="small", weight=SEMIBOLD, role="text-muted"), 12)
        if may_change:
            self._add_controls()
        else:
            self._add(Label(theme, ", ".join(_in_words(pace)), role="text-muted", wrap=True), 16)

    @property
    def chosen(self) -> PaceSettings:
        """What is chosen; a pace between two steps is kept until another step is."""
        slow = self._before.slow if self._slow == _nearest(self._before.slow) else self._slow
        return PaceSettings(slow, **{name: toggle.isChecked() for name, toggle in self._toggles.items()})

    def _choose(self, slow: int) -> None:
        self._slow = slow

    def _add_controls(self) -> None:
        self._add(Label(self._theme, "Slow mode", font="label"), 6)
        self._add(self._steps, 6)
        self._add(Label(self._theme, _SLOW, font="small", role="text-muted", wrap=True), 14)
        for name, (title, hint) in _SWITCHES.items():
            toggle, texts, row = self._toggles[name], QVBoxLayout(), QHBoxLayout()
            toggle.setChecked(getattr(self._before, name))
            toggle.setAccessibleDescription(hint)
            texts.setSpacing(0)
            texts.addWidget(Label(self._theme, title, font="label", wrap=True))
            texts.addWidget(Label(self._theme, hint, font="small", role="text-muted", wrap=True))
            row.setSpacing(16)
            row.addLayout(texts, 1)
            row.addWidget(toggle, 0, Qt.AlignmentFlag.AlignTop)
            self._column.addLayout(row)
            self._column.addSpacing(14)

    def _add(self, part: QWidget, below: int) -> None:
        self._column.addWidget(part)
        self._column.addSpacing(below)


def _nearest(slow: int) -> int:
    """The shortest step that is not shorter than this pace, or else the longest one."""
    return next((step for step in _STEPS if step >= slow), max(_STEPS))


def _in_words(pace: PaceSettings) -> list[str]:
    """What is on, in words."""
    slow = [f"Slow mode: {pace.slow} s"] if pace.slow else []
    return [*slow, *(title for name, (title, _) in _SWITCHES.items() if getattr(pace, name))]
