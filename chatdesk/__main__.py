"""``python -m chatdesk`` and the ``chatdesk`` command."""

import sys

from chatdesk.stopping import EXIT_STOPPED, stop_at_once, stopping_at_once

with stopping_at_once():  # to load the rest takes longer than some people wait
    from chatdesk import logs
    from chatdesk.cli import run
    from chatdesk.printing import open_standard_streams


def main() -> None:
    """Run the program with the process's arguments and exit with its code."""
    try:
        open_standard_streams()
        logs.start()
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = EXIT_STOPPED
    stop_at_once()
    sys.exit(code)


if __name__ == "__main__":
    main()
