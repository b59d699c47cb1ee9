"""The arguments of ``chatdesk export`` and ``chatdesk backup``, and what becomes of them."""

import argparse
import sys
from pathlib import Path

from chatdesk.config import NAME, ServerConfig
from chatdesk.export.formats import Format, format_of
from chatdesk.paths import chat_folder
from chatdesk.takeout.backup import Backup, backup
from chatdesk.takeout.exporting import Export, export
from chatdesk.takeout.source import TakeoutError
from chatdesk.takeout.stopping import as_ctrl_c

COMMANDS = ("export", "backup")

EXIT_STOPPED = 130
"""What a shell makes of Ctrl-C."""

_STANDARD_OUTPUT = "-"

EXPORT = """Write the messages of a room to a file. The chat may be hosted meanwhile.

jsonl: each message as a line of JSON, as the server sends it. html: one page that opens offline in any browser.
csv: for spreadsheets. An apostrophe stands before whatever a spreadsheet would take for a formula."""

BACKUP = """Copy the whole history, checked, to a file. The chat may be hosted meanwhile.

To host the copy: put it as chat.db into an empty folder, and name that with --data-dir."""


def add_export_options(parser: argparse.ArgumentParser) -> None:
    """What ``chatdesk export`` takes."""
    parser.add_argument("file", metavar="FILE", help="where to write to; - is the standard output")
    parser.add_argument(
        "--format", choices=[*map(str, Format)], help="what to write (default: what the ending of FILE says)"
    )
    parser.add_argument("--room", default="lobby", help="which room (default: lobby)")
    _add_common_options(parser)


def add_backup_options(parser: argparse.ArgumentParser) -> None:
    """What ``chatdesk backup`` takes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="where to write the copy to")
    _add_common_options(parser)


def _add_common_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default=NAME, help=f"what the chat is called (default: {NAME})")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="its folder, where it was hosted with --data-dir")
    parser.add_argument("--force", action="store_true", help="replace FILE where there is one")


def carry_out(options: argparse.Namespace) -> int:
    """Do what one of COMMANDS says; the result is the exit code. Raises ConfigError, TakeoutError, WriteError."""
    config = ServerConfig(name=options.name, data_dir=options.data_dir)
    folder = config.data_dir or chat_folder(config.name)
    try:
        with as_ctrl_c():
            if options.command == "backup":
                done = backup(Backup(folder, options.file, options.force))
            else:
                done = export(_export(options, folder))
    except KeyboardInterrupt:
        print("Stopped before it was done.", file=sys.stderr)
        return EXIT_STOPPED
    if done:
        print(done.encode(sys.stdout.encoding, "backslashreplace").decode(sys.stdout.encoding))
    return 0


def _export(options: argparse.Namespace, folder: Path) -> Export:
    file = None if options.file == _STANDARD_OUTPUT else Path(options.file)
    named = Format(options.format) if options.format else None
    form = named or (format_of(file) if file else None)
    if form is None:
        raise TakeoutError(f"Say what to write with --format: {', '.join(Format)}.")
    return Export(folder, options.name, options.room, form, file, options.force)
