"""What stands below a way in: the projector, another button, and the question whether nobody appears."""

from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button
from chatdesk.desktop.widgets.nobody_appears import NobodyAppears
from chatdesk.desktop.widgets.projector_button import ProjectorButton

_GAP = 10


class WayInFoot(QWidget):
    """In one row where there is room for it, in two or three elsewhere."""

    def __init__(self, theme: Theme, other: Button) -> None:
        super().__init__()
        self.projector = ProjectorButton(theme)
        self.other = other
        self.nobody = NobodyAppears(theme)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(_GAP)
        self._buttons.addWidget(self.projector)
        self._buttons.addWidget(other)
        self._buttons.addStretch(1)
        self._all = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._all.setContentsMargins(0, 0, 0, 0)
        self._all.setSpacing(_GAP)
        self._all.addLayout(self._buttons, 1)
        self._all.addWidget(self.nobody)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def fit(self, width: int) -> int:
        """Stand within this width; the result is the height that it takes."""
        self.projector.fit(width)
        buttons = self.projector.sizeHint().width() + _GAP + self.other.sizeHint().width()
        self._buttons.setDirection(_way(buttons <= width))
        beside = self.nobody.fit(width - buttons - _GAP)
        self._all.setDirection(_way(beside))
        if not beside:
            self.nobody.fit(width)
        self._all.invalidate()
        return self._all.sizeHint().height()


def _way(beside: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
