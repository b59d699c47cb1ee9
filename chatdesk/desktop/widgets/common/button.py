"""Buttons: with words, with an icon alone, or as a link; hover is one step darker, or lighter in the dark."""

from dataclasses import dataclass

from PySide6.QtCore import QEasingCurve, QEvent, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.tooltip import set_tooltip

# Sizes, types and weights of the design; pixels are at 100 percent text.
_GAP = 8
_HEIGHT = {"small": 32, "normal": 36, "large": 44}
_PADDING = {"small": 13, "normal": 16, "large": 21}
_FONT = {"small": "label", "normal": "ui", "large": "message"}
_ICON = {"small": 16, "normal": 18, "large": 20}
_LINK_SIDE = 3
_LINK_WEIGHT = 500


@dataclass(frozen=True, slots=True)
class ButtonLook:
    """The colour roles of a button: fill at rest and under the pointer, text, border, focus ring; and the font weight.

    A fill or a border of None is not painted.
    """

    fill: str | None
    hover: str
    text: str
    border: str | None = None
    ring: str = "focus"
    weight: int = SEMIBOLD


PRIMARY = ButtonLook("accent", "accent-hover", "accent-text")
SECONDARY = ButtonLook("surface-raised", "raised-hover", "text", "border-strong")
SOFT = ButtonLook("accent-soft", "surface-selected", "accent-soft-text")
QUIET = ButtonLook(None, "surface-hover", "accent")
DANGER = ButtonLook("danger", "danger-hover", "danger-text")
ON_HERO = ButtonLook("hero-text", "hero-muted", "hero", ring="hero-focus")
DONE = ButtonLook("success-soft", "success-soft", "success-soft-text")
ICON = ButtonLook(None, "surface-hover", "text-muted", weight=400)


class Button(QPushButton):
    """A push button. ``size`` is "small", "normal" or "large"; ``icon`` names an icon that is shown before the text.

    ``min_width`` is in pixels at 100 percent text.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        look: ButtonLook = SECONDARY,
        *,
        icon: str | None = None,
        size: str = "small",
        min_width: int = 0,
    ) -> None:
        super().__init__(text)
        self._theme, self._look, self._icon, self._size, self._min_width = theme, look, icon, size, min_width
        self._hover = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._hover.setEasingCurve(QEasingCurve(theme.easing))
        self._hover.valueChanged.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    @property
    def ring(self) -> str:
        """The colour role of the focus ring around this button."""
        return self._look.ring

    def set_look(self, look: ButtonLook, icon: str | None = None) -> None:
        """Change the colours and the icon; None removes the icon."""
        self._look, self._icon = look, icon
        self._apply_theme()

    def sizeHint(self) -> QSize:
        text = QFontMetrics(self.font()).horizontalAdvance(self.text())
        icon = self._icon_side() + self._theme.px(_GAP) if self._icon else 0
        width = text + icon + 2 * self._theme.px(_PADDING[self._size])
        return QSize(max(width, self._theme.px(self._min_width)), self._theme.px(_HEIGHT[self._size]))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._animate_hover(QVariantAnimation.Direction.Forward)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._animate_hover(QVariantAnimation.Direction.Backward)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button as the space bar does; Qt does that only in dialogs."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        radius = self._theme.tokens["radius"]["control"]
        paint_panel(painter, QRectF(self.rect()), radius, self._fill_color(), self._border_color())
        self._paint_content(painter, self._text_color())
        painter.end()

    def _paint_content(self, painter: QPainter, foreground: QColor) -> None:
        text = QFontMetrics(self.font()).horizontalAdvance(self.text())
        side = self._icon_side() if self._icon else 0
        gap = self._theme.px(_GAP) if self._icon else 0
        left = (self.width() - text - side - gap) / 2
        if self._icon:
            paint_icon(painter, QRectF(round(left), (self.height() - side) // 2, side, side), self._icon, foreground)
        painter.setPen(foreground)
        painter.setFont(self.font())
        rect = QRectF(left + side + gap, 0, text + 1, self.height())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())

    def _fill_color(self) -> QColor | None:
        if not self.isEnabled():
            return self._theme.color("surface-hover") if self._look.fill else None
        amount = 1.0 if self.isDown() else float(self._hover.currentValue() or 0.0)
        rest = self._theme.color(self._look.fill) if self._look.fill else None
        return _blend(rest, self._theme.color(self._look.hover), amount)

    def _border_color(self) -> QColor | None:
        if not self.isEnabled():
            return None
        if self._look.border:
            return self._theme.color(self._look.border)
        return self._text_color() if self._theme.high_contrast and self._look.fill else None

    def _text_color(self) -> QColor:
        return self._theme.color(self._look.text if self.isEnabled() else "text-disabled")

    def _icon_side(self) -> int:
        return self._theme.px(_ICON[self._size])

    def _animate_hover(self, direction: QVariantAnimation.Direction) -> None:
        self._hover.setDuration(self._theme.motion("quick"))
        self._hover.setDirection(direction)
        self._hover.start()

    def _apply_theme(self) -> None:
        self.setFont(self._theme.font(_FONT[self._size], self._look.weight, tabular=self._look is ICON))
        self.updateGeometry()
        self.update()


class IconButton(Button):
    """A square button with an icon and no text, ``side`` pixels at 100 percent text.

    Screen readers read its name; its tooltip shows the name and the shortcut.
    """

    def __init__(self, theme: Theme, icon: str, name: str, *, shortcut: str = "", side: int = 36) -> None:
        self._side, self._icon_name = side, icon
        super().__init__(theme, "", ICON, icon=icon)
        self.set_name(name, shortcut)

    def set_name(self, name: str, shortcut: str = "") -> None:
        """Set the accessible name, and the tooltip with the shortcut."""
        self.setAccessibleName(name)
        set_tooltip(self, f"{name}  {shortcut}".strip(), shortcut)

    def set_icon(self, icon: str) -> None:
        """Show the icon of this name."""
        self._icon_name = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(1, 1) * self._theme.px(self._side)

    def _paint_content(self, painter: QPainter, foreground: QColor) -> None:
        side = self._icon_side()
        paint_icon(
            painter,
            QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side),
            self._icon_name,
            foreground,
        )

    def _text_color(self) -> QColor:
        pointed = self.isEnabled() and (self.underMouse() or self.isDown())
        return self._theme.color("text") if pointed else super()._text_color()

    def _icon_side(self) -> int:
        return self._theme.px(20)


def _blend(rest: QColor | None, hover: QColor, amount: float) -> QColor:
    """Return the colour at ``amount`` (0 to 1) between two fills; without one at rest, the other one fades in."""
    if rest is None:
        transparent = QColor(hover)
        transparent.setAlphaF(hover.alphaF() * amount)
        return transparent

    def between(one: float, other: float) -> float:
        return one + (other - one) * amount

    return QColor.fromRgbF(
        between(rest.redF(), hover.redF()),
        between(rest.greenF(), hover.greenF()),
        between(rest.blueF(), hover.blueF()),
        between(rest.alphaF(), hover.alphaF()),
    )


class LinkButton(Button):
    """Underlined words, as high as what a pointer must hit; ``role`` is the colour role of the text."""

    def __init__(self, theme: Theme, text: str, role: str = "link") -> None:
        super().__init__(theme, text, ButtonLook(None, "raised-hover", role, weight=_LINK_WEIGHT))

    def sizeHint(self) -> QSize:
        hit = self._theme.tokens["size"]["hit"]["pointer"]
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2 * _LINK_SIDE, self._theme.px(hit))

    def _paint_content(self, painter: QPainter, foreground: QColor) -> None:
        font = self.font()
        font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(foreground)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text())
