"""What stands below an invitation: the projector, another button, and the way to the connection check."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button, LinkButton
from chatdesk.desktop.widgets.common.label import Label

# Pixels of the design, at 100 percent text.
_GAP = 10
_CHECK, _CHECK_SHORT = "Check the connection", "Check"
_PROMPT_GAP = 8
_PROJECTOR, _PROJECTOR_SHORT = "Show on projector", "Projector"


class InvitationFooter(QWidget):
    """One row of buttons and prompt, or two or three where there is less room."""

    def __init__(self, theme: Theme, second_button: Button) -> None:
        super().__init__()
        self.projector_button = ProjectorButton(theme)
        self.second_button = second_button
        self.check_prompt = CheckConnectionPrompt(theme)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(_GAP)
        self._buttons.addWidget(self.projector_button)
        self._buttons.addWidget(second_button)
        self._buttons.addStretch(1)
        self._all = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._all.setContentsMargins(0, 0, 0, 0)
        self._all.setSpacing(_GAP)
        self._all.addLayout(self._buttons, 1)
        self._all.addWidget(self.check_prompt)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def fit_to_width(self, width: int) -> int:
        """Fit into this many pixels; returns the height in pixels."""
        self.projector_button.fit_to_width(width)
        buttons = self.projector_button.sizeHint().width() + _GAP + self.second_button.sizeHint().width()
        self._buttons.setDirection(_direction(buttons <= width))
        beside = self.check_prompt.fit_to_width(width - buttons - _GAP)
        self._all.setDirection(_direction(beside))
        if not beside:
            self.check_prompt.fit_to_width(width)
        self._all.invalidate()
        return self._all.sizeHint().height()


def _direction(beside: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom


class CheckConnectionPrompt(QWidget):
    """The question whether nobody appears, and a link that emits ``check_requested``."""

    check_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._label = Label(theme, "Nobody appears?", font="label", weight=400, role="text-muted")
        self._link = LinkButton(theme, _CHECK)
        self._link.setAccessibleName(_CHECK)
        self._link.clicked.connect(self.check_requested)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_PROMPT_GAP)
        layout.addWidget(self._label)
        layout.addWidget(self._link)

    def fit_to_width(self, width: int) -> bool:
        """Fit into this many pixels, without the question if need be; returns False if the whole link has no room."""
        self._link.setText(_CHECK)
        link = self._link.sizeHint().width()
        self._label.setVisible(self._label.sizeHint().width() + _PROMPT_GAP + link <= width)
        if link > width:
            self._link.setText(_CHECK_SHORT)
        self._link.updateGeometry()
        return link <= width


class ProjectorButton(Button):
    """The button that shows the address on a projector; a shorter text where there is less room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _PROJECTOR, PRIMARY, icon="projector", size="normal")
        self.setAccessibleName(_PROJECTOR)

    def fit_to_width(self, width: int) -> None:
        """Use the long text if it fits into this many pixels, else the short one."""
        self.setText(_PROJECTOR)
        if self.sizeHint().width() > width:
            self.setText(_PROJECTOR_SHORT)
        self.updateGeometry()
