"""``python -m chatdesk`` and the ``chatdesk`` command."""

import sys

from chatdesk import logs
from chatdesk.cli import run
from chatdesk.printing import open_standard_streams


def main() -> None:
    """Run the program with the process's arguments and exit with its code."""
    open_standard_streams()
    logs.start()
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
