"""A field for a secret, whose characters are dots until the person wants to see them."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.field import Field

# Pixels as in the design, at 100 percent text.
_EYE, _EDGE = 36, 4


class SecretField(Field):
    """A field of ``height`` pixels at 100 percent text with an eye at its end, by which the person sees what they type.

    An error stands below it alone: where its sign would be is the eye.
    """

    _has_error_icon = False

    def __init__(self, theme: Theme, *, height: int = 44) -> None:
        self._what = ""
        self.eye = IconButton(theme, "eye", "", side=_EYE)
        self.eye.setCheckable(True)
        super().__init__(theme, "", height=height, font="ui")
        row = QHBoxLayout(self.edit)
        row.setContentsMargins(_EDGE, 0, _EDGE, 0)
        row.addStretch(1)
        row.addWidget(self.eye)
        self.eye.toggled.connect(self._reveal)
        self.edit.installEventFilter(self)

    def ask_for(self, name: str, secret: str) -> None:
        """Give the field this accessible name. ``secret`` is what is hidden, such as "password"; empty for nothing."""
        self._what = secret
        self.edit.setAccessibleName(name)
        self.eye.setVisible(bool(secret))
        self.eye.setChecked(False)
        self._reveal(shown=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._keep_clear()
        return super().eventFilter(watched, event)

    def _reveal(self, shown: bool) -> None:
        hidden = bool(self._what) and not shown
        self.edit.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        self.eye.set_name(f"Show the {self._what}")  # whether it does is the button's state
        self._keep_clear()

    def _keep_clear(self) -> None:
        """Let no text run below the eye."""
        end = self._theme.px(_EYE) if self._what else 0
        leftwards = self.edit.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.edit.setTextMargins(end if leftwards else 0, 0, 0 if leftwards else end, 0)

    def _apply_theme(self) -> None:
        super()._apply_theme()
        self._keep_clear()
