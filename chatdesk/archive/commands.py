"""Arguments of ``chatdesk export`` and ``chatdesk backup``, and running them."""

import argparse
from pathlib import Path

from chatdesk.archive.backup import Backup, backup
from chatdesk.archive.export import Export, export
from chatdesk.archive.history_file import ArchiveError
from chatdesk.config import ServerConfig
from chatdesk.console import print_line, print_stderr
from chatdesk.export.formats import Format, format_of
from chatdesk.paths import chat_folder
from chatdesk.stop_signals import EXIT_STOPPED, signals_as_ctrl_c

COMMANDS = ("export", "backup")

_STANDARD_OUTPUT = "-"

EXPORT = """Write the messages of a room to a file. The chat may be hosted meanwhile.

jsonl: each message as a line of JSON, as the server sends it. html: one page that opens offline in any browser.
csv: for spreadsheets. An apostrophe stands before whatever a spreadsheet would take for a formula."""

BACKUP = """Copy the whole history, checked, to a file. The chat may be hosted meanwhile.

To host the copy: put it as chat.db into an empty folder, and name that with --data-dir."""


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``chatdesk export`` that are not options."""
    parser.add_argument("file", metavar="FILE", help="where to write to; - is the standard output")


def add_backup_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``chatdesk backup`` that are not options."""
    parser.add_argument("file", metavar="FILE", help="where to write the copy to")


def run(options: argparse.Namespace) -> int:
    """Run one of COMMANDS and return the exit code. Raises ConfigError, ArchiveError and WriteError."""
    config = ServerConfig(name=options.name, data_dir=options.data_dir)
    folder = config.data_dir or chat_folder(config.name)
    try:
        with signals_as_ctrl_c():
            sentence = _back_up(options, folder) if options.command == "backup" else _export(options, folder)
    except KeyboardInterrupt:
        print_stderr("Stopped before it was done.")
        return EXIT_STOPPED
    if sentence:
        print_line(sentence)
    return 0


def _back_up(options: argparse.Namespace, folder: Path) -> str:
    if options.file == _STANDARD_OUTPUT:
        raise ArchiveError("A backup is a file, checked once it is written: name one, such as chat.db, instead of -.")
    return backup(Backup(folder, Path(options.file), options.force))


def _export(options: argparse.Namespace, folder: Path) -> str:
    file = None if options.file == _STANDARD_OUTPUT else Path(options.file)
    named = Format(options.format) if options.format else None
    export_format = named or (format_of(file) if file else None)
    if export_format is None:
        raise ArchiveError(f"Say what to write with --format: {', '.join(Format)}.")
    return export(Export(folder, options.name, options.room, export_format, file, options.force))
