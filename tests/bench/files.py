"""How many files this process and the servers, which inherit the limit, may have open."""

import resource

_OTHER_FILES = 600
"""Beside connections: more than the load or any server has."""


def allow_connections(connections: int) -> None:
    """Let each process have so many connections. Ends the program where the system does not, with what to do."""
    files = connections + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and files > hard:
        raise SystemExit(
            f"A process would have {connections:,} connections, and this system lets it have {hard:,} files open: "
            f"allow it {files:,} (ulimit -n {files}), or measure with fewer people."
        )
    if soft != resource.RLIM_INFINITY and soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))


def most_connections() -> int:
    """Return how many connections a process may have at most, if they are allowed."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return (hard if hard != resource.RLIM_INFINITY else 1 << 20) - _OTHER_FILES
