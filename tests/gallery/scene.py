"""A scene of the window: what it shows, and how."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.gallery.stage import Look, Stage

THEMES = ("light", "dark", "high-contrast")
START, SMALL, NARROW, WIDE = (900, 640), (900, 600), (640, 600), (1400, 800)

Act = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the window, with the looks in which it is shown.

    ``afresh`` makes it again for each theme: where a menu is open, or something goes on with time.
    """

    act: Act
    looks: dict[str, Look]
    afresh: bool = False


def in_themes(*themes: str, size: tuple[int, int] = SMALL, **others: Look) -> dict[str, Look]:
    """The same size in these themes, and other looks."""
    return {theme: Look(theme, size) for theme in themes} | others
