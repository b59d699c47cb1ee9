"""The button that shows the way in to a whole hall."""

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button

_NAME, _SHORT = "Show on projector", "Projector"


class ProjectorButton(Button):
    """Says what it does in one word where there is no room for three."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _NAME, PRIMARY, icon="projector", size="normal")
        self.setAccessibleName(_NAME)

    def fit(self, width: int) -> None:
        """Be no wider than this, if a word is not."""
        self.setText(_NAME)
        if self.sizeHint().width() > width:
            self.setText(_SHORT)
        self.updateGeometry()
