"""``python -m chatdesk`` and the ``chatdesk`` command."""

import sys

from chatdesk.stop_signals import EXIT_STOPPED, exit_on_ctrl_c, exiting_on_ctrl_c

with exiting_on_ctrl_c():  # loading the rest takes long enough for somebody to press Ctrl-C
    from chatdesk import logging_setup
    from chatdesk.cli import run
    from chatdesk.console import open_standard_streams


def main() -> None:
    """Run the program with the process's arguments and exit with its code."""
    try:
        open_standard_streams()
        logging_setup.start()
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = EXIT_STOPPED
    exit_on_ctrl_c()
    sys.exit(code)


if __name__ == "__main__":
    main()
