"""Avatars: a person as a disc with one sharper corner, next to the text; presence is shown by shape, too."""

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.theme import Theme
from chatdesk.protocol.appearance import hue, initials

_RING_ALPHA, _RING_GAP = 0.4, 1
"""Opacity of the ring around a small avatar, and pixels of ground between it and the one that it overlaps."""
_MIN_SIZE_FOR_INITIALS = 20
"""Pixels: in a smaller avatar the initials could not be read."""
_NAMELESS_ICON = 0.5
"""The share of the avatar's side that the sign of a question without a name takes."""


class Author(Protocol):
    """Who has said something; ``nameless``: nobody is told."""

    @property
    def nickname(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def nameless(self) -> bool: ...


def author_ink(theme: Theme, author: Author) -> QColor:
    """Return the colour of an author's name: their own, unless it would tell something."""
    return theme.color("text-muted") if author.nameless else theme.avatar(hue(author.nickname, author.author))[1]


def paint_author(painter: QPainter, rect: QRectF, author: Author, theme: Theme) -> None:
    """Draw the avatar of an author into a square; of one without a name, a sign in place of initials and colour."""
    if not author.nameless:
        paint_avatar(painter, rect, author.nickname, theme, author=author.author)
        return
    ink, side = author_ink(theme, author), rect.width() * _NAMELESS_ICON
    mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1) if theme.high_contrast else Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("surface-sunken"))
    inset = 0.5 if theme.high_contrast else 0
    painter.drawPath(disc_with_corner(rect.adjusted(inset, inset, -inset, -inset), theme, mirrored=mirrored))
    centre = rect.center()
    paint_icon(painter, QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side), "question", ink)
    painter.restore()


def paint_avatar(
    painter: QPainter, rect: QRectF, nickname: str, theme: Theme, presence: str | None = None, *, author: str = ""
) -> None:
    """Draw the avatar of a person into a square. ``author`` is empty where the server names none.

    ``presence`` is "online", "away", "busy" or "offline"; None draws no presence. The corner follows the painter's
    layout direction.
    """
    fill, foreground = theme.avatar(hue(nickname, author))
    inset = 0.5 if theme.high_contrast else 0  # half of the pen's width, so that the edge lies inside the square
    inside = rect.adjusted(inset, inset, -inset, -inset)
    shape = disc_with_corner(inside, theme, mirrored=painter.layoutDirection() == Qt.LayoutDirection.RightToLeft)
    dot = _presence_rect(rect, theme)
    if presence:
        shape = shape.subtracted(_circle(dot, theme.tokens["size"]["presence"]["cut"]))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(foreground, 1) if theme.high_contrast else Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawPath(shape)
    if rect.width() >= _MIN_SIZE_FOR_INITIALS:
        painter.setFont(_initials_font(theme, rect.width()))
        painter.setPen(foreground)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials(nickname))
    if presence:
        _paint_presence(painter, dot, presence, theme)
    painter.restore()


def paint_small_avatar(painter: QPainter, rect: QRectF, nickname: str, theme: Theme, *, author: str = "") -> None:
    """Draw an avatar that is too small for initials and a corner; a ring separates it from one that it overlaps."""
    fill, foreground = theme.avatar(hue(nickname, author))
    ring = QColor(foreground)
    ring.setAlphaF(1.0 if theme.high_contrast else _RING_ALPHA)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("surface"))
    painter.drawEllipse(rect.adjusted(-_RING_GAP, -_RING_GAP, _RING_GAP, _RING_GAP))
    painter.setBrush(fill)
    painter.setPen(QPen(ring, 1))
    painter.drawEllipse(rect.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.restore()


def disc_with_corner(rect: QRectF, theme: Theme, *, mirrored: bool = False) -> QPainterPath:
    """Return the outline of an avatar: a disc with one sharper corner at the top, on the side of the text."""
    shape = theme.tokens["avatarShape"]
    round_, small = rect.width() * shape["round"], rect.width() * shape["speakingCorner"]
    left, right = (small, round_) if mirrored else (round_, small)
    path = QPainterPath(QPointF(rect.left() + left, rect.top()))
    path.lineTo(rect.right() - right, rect.top())
    path.arcTo(rect.right() - 2 * right, rect.top(), 2 * right, 2 * right, 90, -90)
    path.arcTo(rect.right() - 2 * round_, rect.bottom() - 2 * round_, 2 * round_, 2 * round_, 0, -90)
    path.arcTo(rect.left(), rect.bottom() - 2 * round_, 2 * round_, 2 * round_, 270, -90)
    path.arcTo(rect.left(), rect.top(), 2 * left, 2 * left, 180, -90)
    path.closeSubpath()
    return path


class Avatar(QWidget):
    """A person's avatar, ``size`` pixels wide and high at 100 percent text."""

    def __init__(self, theme: Theme, size: int, nickname: str = "", presence: str | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._size = size
        self._nickname, self._author = nickname, ""
        self._presence = presence
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self._resize)
        self._resize()

    def set_person(self, nickname: str, author: str) -> None:
        """Show the avatar of this person."""
        self._nickname, self._author = nickname, author
        self.update()

    def set_presence(self, presence: str | None) -> None:
        """Show this presence, as for ``paint_avatar``."""
        self._presence = presence
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self._theme.px(self._size)
        rect = QRectF(0, 0, side, side)
        paint_avatar(painter, rect, self._nickname, self._theme, self._presence, author=self._author)
        painter.end()

    def _resize(self) -> None:
        # One pixel more: a small presence dot reaches that far over the edge.
        self.setFixedSize(QSize(1, 1) + QSize(1, 1) * self._theme.px(self._size))
        self.update()


def _initials_font(theme: Theme, width: float) -> QFont:
    font = theme.font("micro")
    font.setPixelSize(round(width * 0.28 + 2.9))
    return font


def _presence_rect(rect: QRectF, theme: Theme) -> QRectF:
    """Return the presence dot's square: at the lower end; in small avatars smaller, and one pixel over the edge."""
    sizes = theme.tokens["size"]
    small = rect.width() < sizes["avatar"]["me"]
    side = sizes["presence"]["dotSmall" if small else "dot"] * max(1.0, theme.scale)
    overlap = 1 if small else 0
    return QRectF(rect.right() + overlap - side, rect.bottom() + overlap - side, side, side)


def _circle(rect: QRectF, margin: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(rect.adjusted(-margin, -margin, margin, margin))
    return path


def _paint_presence(painter: QPainter, dot: QRectF, presence: str, theme: Theme) -> None:
    """Draw a disc for online, a disc with a bar for busy, half a disc in a ring for away, a ring for offline."""
    color = theme.color(f"presence-{presence}")
    line = dot.width() / 7
    inner = dot.adjusted(line / 2, line / 2, -line / 2, -line / 2)
    painter.setPen(QPen(color, line))
    painter.setBrush(color if presence in ("online", "busy") else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(inner)
    if presence == "away":
        painter.setBrush(color)
        painter.drawChord(inner, 90 * 16, 180 * 16)
    elif presence == "busy":
        bar = QRectF(dot.left() + dot.width() * 0.22, dot.center().y() - line * 0.8, dot.width() * 0.56, line * 1.6)
        painter.fillRect(bar, theme.color("surface-raised"))
