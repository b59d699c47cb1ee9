"""A row of the table of commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chatdesk.server.permissions import Right
from chatdesk.server.rate_limits import Spending


class Row(NamedTuple):
    """One command: its type, the right that it takes, what it spends, and the function that executes it.

    With a right, the command is for somebody who is in its room: the function is called with session, membership and
    command. Without one it is called with session and command.
    """

    command: type
    right: Right | None
    spends: Spending | None
    execute: Callable[..., None]
