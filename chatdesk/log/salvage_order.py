"""Saves what a damaged history holds of keeping order: bans must not end because a disk has failed."""

import sqlite3
from collections.abc import Sequence

from chatdesk.log.damaged_file import Value
from chatdesk.log.order import StandingKind

_COLUMNS = "identity, room, kind, nickname, value, reason, until, actor, time"
"""In the order in which the file has them: those of the key come first."""
_STANDING = (str, str, str, str, str, str, int, str, int)
_ENTRY = (type(None), int, str, str, str, str, str, str, int, str)


def store_standing(values: Sequence[Value], db: sqlite3.Connection, kind: str) -> bool:
    """Store a standing; return whether the row can be one."""
    if kind not in list(StandingKind) or tuple(map(type, values)) != _STANDING or not values[0]:
        return False
    db.execute(f"INSERT OR REPLACE INTO standing ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", tuple(values))
    return True


def store_entry(number: int, values: Sequence[Value], db: sqlite3.Connection) -> bool:
    """Store an entry of the audit trail; return whether the row can be one."""
    if tuple(map(type, values)) != _ENTRY or number <= 0:
        return False
    db.execute("INSERT OR REPLACE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *values[1:]))
    return True
