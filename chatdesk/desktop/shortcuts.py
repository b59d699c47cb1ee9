"""All keys of the window, as the sheet of keys shows them."""

import sys
from typing import NamedTuple


class Shortcut(NamedTuple):
    """What keys do; each of ``keys`` is a cap."""

    title: str
    keys: tuple[str, ...]


class ShortcutGroup(NamedTuple):
    """Keys that belong together."""

    title: str
    shortcuts: tuple[Shortcut, ...]


_COLUMNS = (
    (
        (
            "Go",
            (
                ("Switch room or person", "Ctrl K"),
                ("Room above, below", "Alt ↑ ↓"),
                ("Unread above, below", "Alt Shift ↑ ↓"),
                ("Search messages", "Ctrl F"),
                ("Go to a day", "Ctrl G"),
            ),
        ),
        ("Help and looks", (("These keys", "Ctrl /"), ("Close ChatDesk", "Ctrl Q"))),
    ),
    (
        (
            "Write",
            (
                ("Send", "Enter"),
                ("New line", "Shift Enter"),
                ("Edit your last message", "↑"),
                ("What you sent before", "Ctrl ↑"),
                ("Emoji", "Ctrl ."),
                ("Take a completion", "Tab"),
                ("Leave reply, edit or list", "Esc"),
            ),
        ),
        ("On one that was not sent", (("Send again", "Enter"), ("Edit", "F2"), ("Discard", "Del"))),
    ),
    (
        (
            "On a message",
            (
                ("Message above, below", "↑ ↓"),
                ("First, last message", "Home End"),
                ("Copy text", "Ctrl C"),
                ("React", "+"),
                ("Link or reaction before, after", "← →"),
                ("Who reacted, on a reaction", "Menu"),
                ("Reply", "R"),
                ("Edit", "E"),
                ("Pin", "P"),
                ("Mark unread from here", "U"),
                ("Information", "I"),
                ("Delete", "Del"),
            ),
        ),
    ),
)
_ON_A_MAC = {"Ctrl": "⌘", "Alt": "⌥", "Shift": "⇧"}


def shortcut_columns(platform: str = sys.platform) -> list[list[ShortcutGroup]]:
    """Return the groups in three columns, with the keys as this system calls them."""
    return [
        [ShortcutGroup(title, tuple(_shortcut(*each, platform) for each in rows)) for title, rows in column]
        for column in _COLUMNS
    ]


def _shortcut(title: str, keys: str, platform: str) -> Shortcut:
    names = _ON_A_MAC if platform == "darwin" else {}
    return Shortcut(title, tuple(names.get(key, key) for key in keys.split()))
