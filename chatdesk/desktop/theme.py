"""How the window looks: colours, type and shapes out of the tokens, in three palettes of our own.

Qt's own dark mode changes nothing offscreen or on a bare X server, so the palettes are ours and only the system's
wish is followed.
"""

import json
from typing import Any

from PySide6.QtCore import QEasingCurve, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.freetype import disable_stem_darkening
from chatdesk.desktop.stylesheet import stylesheet
from chatdesk.paths import resources

SYSTEM = "system"
CHOICES = (SYSTEM, "light", "dark", "high-contrast")
"""What a person may choose; the system's wish comes first."""


class Theme(QObject):
    """The look of the whole application; ``changed`` says that colours or text size are new: paint again.

    ``choice`` is one of CHOICES, ``scale`` the size of text, 1.0 being the tokens' own.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = SYSTEM, scale: float = 1.0) -> None:
        super().__init__()
        disable_stem_darkening()
        self.tokens = load_tokens()
        self._app = app
        self._choice = choice if choice in CHOICES else SYSTEM
        self._scale = self._within_range(scale)
        self._families = {kind: _families(self.tokens["font"], kind) for kind in ("sans", "mono")}
        self._fonts: dict[tuple[str, int | None, bool], QFont] = {}
        app.setStyle("Fusion")
        # Held on to: PySide takes the hints for gone once nobody holds their owner.
        self._hints = app.styleHints()
        self._accessibility = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self._follow_system)
        self._accessibility.contrastPreferenceChanged.connect(self._follow_system)
        self._apply()

    @property
    def choice(self) -> str:
        """What the person chose."""
        return self._choice

    @property
    def scale(self) -> float:
        """Size of text, 1.0 being the tokens' own."""
        return self._scale

    @property
    def high_contrast(self) -> bool:
        """Whether filled shapes need an edge."""
        return self.name == "high-contrast"

    def choose(self, choice: str) -> None:
        """Wear this one of CHOICES from now on."""
        self._choice = choice
        self._apply()

    def set_scale(self, scale: float) -> None:
        """Grow or shrink all text, within the tokens' bounds."""
        self._scale = self._within_range(scale)
        self._apply()

    def color(self, role: str) -> QColor:
        """The colour of a role of the tokens."""
        return QColor(self._colors[role])

    def css(self, role: str) -> str:
        """The colour of a role as a stylesheet writes it."""
        color = self._colors[role]
        return f"rgba({color.red()}, {color.green()}, {color.blue()}, {color.alpha()})"

    def avatar(self, index: int) -> tuple[QColor, QColor]:
        """Fill and ink of one of the twelve hues."""
        fill, ink = self._avatars[index]
        return QColor(fill), QColor(ink)

    def font(self, token: str, weight: int | None = None, *, tabular: bool = False) -> QFont:
        """The font of one of the tokens' types; ``tabular`` for figures that change."""
        key = (token, weight, tabular)
        if key not in self._fonts:
            self._fonts[key] = self._make_font(*key)
        return QFont(self._fonts[key])

    def px(self, size: float) -> int:
        """A size that holds text, grown with the text: pixels at 100 percent to pixels on screen."""
        return round(size * self._scale)

    def line(self, token: str) -> int:
        """Height in pixels of one line of a type."""
        return self.px(self.tokens["type"][token]["line"])

    def shadow(self, name: str) -> tuple[int, int, QColor] | None:
        """Offset downwards, blur and colour of "rest", "float" or "sheet"; None where the theme has none."""
        shadow = self.tokens["shadow"][self.name][name]
        return (shadow["y"], shadow["blur"], _color(shadow["color"])) if shadow else None

    def motion(self, name: str) -> int:
        """Milliseconds of "quick", "base" or "sheet"; 0 for who asked the system for less motion."""
        motion = self.tokens["motion"]
        less = self._accessibility.motionPreference() == Qt.MotionPreference.ReducedMotion
        return int((motion["reduced"] if less else motion)[name])

    @property
    def easing(self) -> QEasingCurve.Type:
        """How a movement ends."""
        return QEasingCurve.Type[self.tokens["motion"]["easing"]["qt"]]

    def _follow_system(self) -> None:
        if self._choice == SYSTEM:
            self._apply()

    def _wanted(self) -> str:
        if self._choice != SYSTEM:
            return self._choice
        if self._accessibility.contrastPreference() == Qt.ContrastPreference.HighContrast:
            return "high-contrast"
        return "dark" if self._hints.colorScheme() == Qt.ColorScheme.Dark else "light"

    def _apply(self) -> None:
        self.name = self._wanted()
        self._colors = {role: _color(text) for role, text in self.tokens["color"][self.name].items()}
        self._avatars = [(_color(hue["fill"]), _color(hue["ink"])) for hue in self.tokens["avatar"][self.name]]
        self._fonts.clear()
        self._app.setFont(self.font("ui"))
        self._app.setPalette(self._palette())
        self._app.setStyleSheet(stylesheet(self))
        self.changed.emit()

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, name in _PALETTE.items():
            palette.setColor(role, self.color(name))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("text-disabled"))
        return palette

    def _make_font(self, token: str, weight: int | None, tabular: bool) -> QFont:
        style = self.tokens["type"][token]
        font = QFont(self._families[style.get("family", "sans")])
        font.setPixelSize(self.px(style["size"]))
        font.setWeight(QFont.Weight(weight or style["weight"]))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if "tracking" in style:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, style["tracking"] * self._scale)
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def _within_range(self, scale: float) -> float:
        bounds = self.tokens["textScale"]
        return float(min(max(scale, bounds["min"]), bounds["max"]))


def load_tokens() -> dict[str, Any]:
    """The design tokens, the same that the page wears."""
    tokens: dict[str, Any] = json.loads((resources() / "themes" / "tokens.json").read_text("utf-8"))
    return tokens


def _families(fonts: dict[str, list[str]], kind: str) -> list[str]:
    """The first family that is installed, then emoji, then whatever the system has for the rest."""
    generic = {"sans": QFontDatabase.SystemFont.GeneralFont, "mono": QFontDatabase.SystemFont.FixedFont}[kind]
    fallback = QFontDatabase.systemFont(generic).family()
    installed = set(QFontDatabase.families())
    # The text's own family stands first: an emoji font has digits too, and they would win.
    text = next((family for family in fonts[kind] if family in installed), fallback)
    return [text, *(family for family in fonts["emoji"] if family in installed), fallback]


def _color(text: str) -> QColor:
    """A colour as the tokens write it: ``#RRGGBB`` or ``rgba(r, g, b, 0.5)``."""
    if not text.startswith("rgba("):
        return QColor(text)
    red, green, blue, alpha = text[5:-1].split(",")
    return QColor(int(red), int(green), int(blue), round(float(alpha) * 255))


_PALETTE = {
    QPalette.ColorRole.Window: "background",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface-raised",
    QPalette.ColorRole.AlternateBase: "surface-sunken",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "text-muted",
    QPalette.ColorRole.Button: "surface-raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "accent-text",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "selection-text",
    QPalette.ColorRole.Link: "link",
    QPalette.ColorRole.LinkVisited: "link",
    QPalette.ColorRole.ToolTipBase: "tooltip",
    QPalette.ColorRole.ToolTipText: "tooltip-text",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Light: "surface-raised",
    QPalette.ColorRole.Midlight: "border",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.Dark: "border-strong",
    QPalette.ColorRole.Shadow: "border-strong",
}
