"""The window's appearance: colours, fonts and sizes from the design tokens, in three palettes.

Qt's own dark mode has no effect offscreen or on a bare X server. The palettes are therefore ours, and only the system's
preference for one of them is followed.
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
"""What a person may choose; the first follows the system."""
SEMIBOLD = 600
"""The weight of fonts that stand out: OpenType\'s number."""


class Theme(QObject):
    """The appearance of the whole application. ``changed`` is emitted for other colours or another size of text.

    ``choice`` is one of CHOICES, ``scale`` the size of text, 1.0 being 100 percent.
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
        # Kept as an attribute: PySide invalidates the hints when nothing refers to their owner.
        self._hints = app.styleHints()
        self._accessibility = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self._follow_system)
        self._accessibility.contrastPreferenceChanged.connect(self._follow_system)
        self._apply()

    @property
    def choice(self) -> str:
        """The chosen one of CHOICES."""
        return self._choice

    @property
    def scale(self) -> float:
        """Size of text, 1.0 being 100 percent."""
        return self._scale

    @property
    def high_contrast(self) -> bool:
        """Whether the theme is high contrast; filled shapes then need an edge."""
        return self.name == "high-contrast"

    def choose(self, choice: str) -> None:
        """Switch to this one of CHOICES."""
        self._choice = choice
        self._apply()

    def set_scale(self, scale: float) -> None:
        """Set the size of all text, within the tokens' bounds; 1.0 is 100 percent."""
        self._scale = self._within_range(scale)
        self._apply()

    def color(self, role: str) -> QColor:
        """Return the colour of a role, such as ``text-muted``."""
        return QColor(self._colors[role])

    def css(self, role: str) -> str:
        """Return the colour of a role in the syntax of stylesheets."""
        color = self._colors[role]
        return f"rgba({color.red()}, {color.green()}, {color.blue()}, {color.alpha()})"

    def avatar(self, index: int) -> tuple[QColor, QColor]:
        """Return fill and text colour of one of the twelve avatar hues."""
        fill, foreground = self._avatars[index]
        return QColor(fill), QColor(foreground)

    def font(self, token: str, weight: int | None = None, *, tabular: bool = False) -> QFont:
        """Return the font of a type of the tokens, such as ``ui``; ``tabular`` for numbers that change in place."""
        key = (token, weight, tabular)
        if key not in self._fonts:
            self._fonts[key] = self._make_font(*key)
        return QFont(self._fonts[key])

    def px(self, size: float) -> int:
        """Return a size scaled with the text, in pixels; ``size`` is in pixels at 100 percent."""
        return round(size * self._scale)

    def line(self, token: str) -> int:
        """Return the line height of a type, in pixels."""
        return self.px(self.tokens["type"][token]["line"])

    def shadow(self, name: str) -> tuple[int, int, QColor] | None:
        """Return offset downwards, blur and colour of "rest", "float" or "sheet"; None if the theme has no shadows."""
        shadow = self.tokens["shadow"][self.name][name]
        return (shadow["y"], shadow["blur"], _color(shadow["color"])) if shadow else None

    def motion(self, name: str) -> int:
        """Return the milliseconds of "quick", "base" or "sheet"; 0 if the system asks for reduced motion."""
        motion = self.tokens["motion"]
        less = self._accessibility.motionPreference() == Qt.MotionPreference.ReducedMotion
        return int((motion["reduced"] if less else motion)[name])

    @property
    def easing(self) -> QEasingCurve.Type:
        """The easing curve of all movements."""
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
    """Return the design tokens, which the page uses too."""
    tokens: dict[str, Any] = json.loads((resources() / "themes" / "tokens.json").read_text("utf-8"))
    return tokens


def _families(fonts: dict[str, list[str]], kind: str) -> list[str]:
    """Return the first installed family, then emoji fonts, then the system's default."""
    generic = {"sans": QFontDatabase.SystemFont.GeneralFont, "mono": QFontDatabase.SystemFont.FixedFont}[kind]
    fallback = QFontDatabase.systemFont(generic).family()
    installed = set(QFontDatabase.families())
    # The text family comes first: emoji fonts have digits too, which would be used otherwise.
    text = next((family for family in fonts[kind] if family in installed), fallback)
    return [text, *(family for family in fonts["emoji"] if family in installed), fallback]


def _color(text: str) -> QColor:
    """Parse a colour of the tokens: ``#RRGGBB`` or ``rgba(r, g, b, 0.5)``."""
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
