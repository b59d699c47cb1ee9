"""How many files and connections the process may have open."""

import contextlib
import logging
import sys
from dataclasses import replace

from chatdesk.config import ServerConfig

if sys.platform != "win32":
    import resource

_EXTRA_FILES = 512
"""Open files besides WebSockets: HTTP connections, the history, what Qt and Python use."""

logger = logging.getLogger(__name__)


def within_file_limit(config: ServerConfig) -> ServerConfig:
    """Raise the limit of open files to one per connection and some more, as far as the system allows.

    Where that is too little, the log says so, and the chat has fewer connections: without a file left it could not even
    refuse people, nor read its history.
    """
    wanted = config.max_connections + _EXTRA_FILES
    allowed = _raise_limit(wanted)
    if allowed >= wanted:
        return config
    places = max(allowed - _EXTRA_FILES, allowed // 2)
    logger.warning(
        "This system lets ChatDesk have %d files open, so %d people can be here at once, not %d. "
        "Allow it %d before it starts: ulimit -n %d, or LimitNOFILE=%d for systemd.",
        *(allowed, places, config.max_connections, wanted, wanted, wanted),
    )
    return replace(config, max_connections=places)


def _raise_limit(wanted: int) -> int:
    """Have so many files allowed, or as many as the system allows; returns how many that are, at most ``wanted``."""
    if sys.platform == "win32":
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    least = min(wanted, hard) if hard != resource.RLIM_INFINITY else wanted
    if soft == resource.RLIM_INFINITY or soft >= least:
        return least
    with contextlib.suppress(ValueError, OSError):  # a service manager may forbid the call, whatever the limit is
        resource.setrlimit(resource.RLIMIT_NOFILE, (least, hard))
        return least
    return soft
