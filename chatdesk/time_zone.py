"""The time zone that this computer is in: it changes under a program that runs for days, as on a ship."""

import sys
import time


def update_time_zone() -> None:
    """Tell times by the zone of now: by itself, the C library stays in the one that it has found first."""
    if sys.platform != "win32":
        time.tzset()
