"""The question under every way in, and what answers it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import LinkButton
from chatdesk.desktop.widgets.common.label import Label

_CHECK, _SHORT = "Check the connection", "Check"
_GAP = 8


class NobodyAppears(QWidget):
    """``check_wanted`` when the connection is to be looked at."""

    check_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._question = Label(theme, "Nobody appears?", font="label", weight=400, role="text-muted")
        self._link = LinkButton(theme, _CHECK)
        self._link.setAccessibleName(_CHECK)
        self._link.clicked.connect(self.check_wanted)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(self._question)
        layout.addWidget(self._link)

    def fit(self, width: int) -> bool:
        """Leave the question out where there is no room for it; False where there is hardly any for the answer."""
        self._link.setText(_CHECK)
        link = self._link.sizeHint().width()
        self._question.setVisible(self._question.sizeHint().width() + _GAP + link <= width)
        if link > width:
            self._link.setText(_SHORT)
        self._link.updateGeometry()
        return link <= width
