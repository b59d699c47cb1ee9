"""The computer's time zone, which may change while the program runs for days, as on a ship."""

import sys
import time


def update_time_zone() -> None:
    """Use the zone that the system has now; by itself, the C library keeps the one that it read first."""
    if sys.platform != "win32":
        time.tzset()
