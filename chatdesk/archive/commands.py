"""Arguments of ``chatdesk export``, ``chatdesk backup`` and ``chatdesk import``, and running them."""

import argparse
from pathlib import Path

from chatdesk.archive.backup import Backup, backup
from chatdesk.archive.export import Export, export
from chatdesk.archive.history_file import ArchiveError
from chatdesk.archive.importing import Import, import_files
from chatdesk.config import ServerConfig
from chatdesk.console import print_line, print_stderr
from chatdesk.export.formats import Format, format_of
from chatdesk.paths import chat_folder
from chatdesk.protocol.names import LOBBY
from chatdesk.stop_signals import EXIT_STOPPED, signals_as_ctrl_c

COMMANDS = ("export", "backup", "import")

_STANDARD_OUTPUT = "-"

EXPORT = """Write what was said to a file. The chat may be hosted meanwhile.

jsonl: all rooms, each message as a line of JSON, as the server sends it; `chatdesk import` brings it back.
html: a room as one page that opens offline in any browser. csv: a room for spreadsheets; an apostrophe stands before
whatever a spreadsheet would take for a formula. Private conversations are in none of them."""

BACKUP = """Copy the whole history, checked, to a file. The chat may be hosted meanwhile.

To host the copy: put it as chat.db into an empty folder, and name that with --data-dir."""

IMPORT = """Bring what was said elsewhere into a new chat: all of it, or nothing and a sentence that says why.

FILE is recognised by what is in it:
  ChatDesk         what `chatdesk export FILE.jsonl` has written
  Slack            the zip archive of an export of the workspace
  Mattermost       the bulk export, as JSON lines or in its zip archive
  Zulip            the tar.gz archive of an export of the organisation
  Discord          the JSON of DiscordChatExporter; it is one file for each channel: name all of them

The chat must be empty, and nobody may host it meanwhile: give it a --name of its own. Messages keep their authors,
times, order, answers, mentions, reactions, edits and pins. Nobody can claim to be one of the authors by taking a name.
Files, emoji that are pictures and notices (such as who has joined) do not come: at the end, all that was left out is
counted.

Imported rooms are for the host alone until the host opens them. A server without a window has no host: for it, --open
opens those rooms that everybody could find where they come from.

Conversations of two people are left out and counted, for nobody in this chat is one of them. --private keep brings
them: they stay unreadable, also for the host, and only a backup carries them on.

examples:
  chatdesk import slack-export.zip --name "Old workspace"
  chatdesk import channels/*.json --name "From Discord"
"""


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``chatdesk export`` that are not options."""
    parser.add_argument("file", metavar="FILE", help="where to write to; - is the standard output")


def add_backup_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``chatdesk backup`` that are not options."""
    parser.add_argument("file", metavar="FILE", help="where to write the copy to")


def add_import_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``chatdesk import`` that are not options."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="what to read")


def run(options: argparse.Namespace) -> int:
    """Run one of COMMANDS and return the exit code. Raises ConfigError, ArchiveError and WriteError."""
    config = ServerConfig(name=options.name, data_dir=options.data_dir)
    folder = config.data_dir or chat_folder(config.name)
    try:
        with signals_as_ctrl_c():
            sentence = _RUN[options.command](options, folder)
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
    room = options.room or (None if export_format is Format.JSONL else LOBBY)
    return export(Export(folder, options.name, room, export_format, file, options.force))


def _import(options: argparse.Namespace, folder: Path) -> str:
    return import_files(Import(folder, tuple(map(Path, options.files)), options.open, options.private == "keep"))


_RUN = {"export": _export, "backup": _back_up, "import": _import}
