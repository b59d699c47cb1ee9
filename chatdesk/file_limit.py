"""How many files and connections the process may have open."""

import contextlib
import sys

if sys.platform != "win32":
    import resource

_EXTRA_FILES = 512
"""Open files besides WebSockets: HTTP connections, the history, what Qt and Python use."""


def raise_file_limit(connections: int) -> None:
    """Raise the limit of open files to one per connection and some more, as far as the system allows."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(connections + _EXTRA_FILES, hard) if hard > 0 else connections + _EXTRA_FILES
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # a service manager may forbid the call, whatever the limit is
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
