"""The priority of threads that compute, beside the loop that everybody waits for."""

import contextlib
import os
import sys

_NICENESS = 10
"""Of a core that it shares with the loop, such a thread gets a tenth; of an idle one everything."""


def let_others_go_first() -> None:
    """Lower the priority of the calling thread for good.

    Only Linux has priorities of single threads that anybody may lower; elsewhere, and where a sandbox forbids it, this
    does nothing.
    """
    if sys.platform == "linux":
        with contextlib.suppress(PermissionError):
            os.nice(_NICENESS)  # there it is that of the calling thread, not of the process
