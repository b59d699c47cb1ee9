"""The clock of the budgets, set by hand: how much is refilled must not depend on how fast the machine is."""

from time import monotonic

import pytest

from chatdesk.server import rate_limits


class Clock:
    """Shows ``now``, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self.now = monotonic()

    def __call__(self) -> float:
        """The time."""
        return self.now


def stop_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let no time pass for the budgets but what is added to the clock's ``now``."""
    clock = Clock()
    monkeypatch.setattr(rate_limits, "monotonic", clock)
    return clock
