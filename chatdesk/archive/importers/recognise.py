"""Finds out, by what is in it, which program has made an export, and reads it."""

import tarfile
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo, is_zipfile

from msgspec import MsgspecError, Struct
from msgspec.json import decode

from chatdesk.archive.history_file import ArchiveError
from chatdesk.archive.importers import discord, mattermost, ours, slack, zulip
from chatdesk.archive.importers.reading import lines, mapped, reading
from chatdesk.archive.importers.stream import Imported

_HEAD_BYTES = 64 * 1024
"""As much as is looked at to recognise a file that is text."""
_ACCEPTED = (
    "ChatDesk's own JSON lines, a Slack export (zip), Mattermost's bulk export (jsonl or zip), a Zulip export (tar.gz) "
    "or DiscordChatExporter's JSON"
)


class _FirstLine(Struct):
    type: str = ""


@contextmanager
def open_export(file: Path) -> Iterator[Iterator[Imported]]:
    """Yield the items of an export, which are read as they are asked for.

    Raises ArchiveError, also while they are read, if the file cannot be read, or is of none of these programs.
    """
    if file.is_dir():
        raise ArchiveError(f"{file} is a folder: name the file that was exported, or pack the folder as it was.")
    with reading(file):
        if is_zipfile(file):
            with ZipFile(file) as archive:
                yield _read_zip(file, archive)
        elif _is_tar(file):
            yield zulip.read(file)
        elif read := _reader_of_lines(file):
            with file.open("rb") as text:
                yield read(lines(text))
        elif _is_discord(file):
            yield discord.read(mapped(file), file.name)
        else:
            raise ArchiveError(f"{file} is none of the exports that ChatDesk knows: {_ACCEPTED}.")


def _read_zip(file: Path, archive: ZipFile) -> Iterator[Imported]:
    names = {PurePosixPath(member.filename).name for member in archive.infolist()}
    if names & {"users.json", "channels.json", "dms.json"}:
        yield from slack.read(archive)
        return
    bulk = _largest(archive, ".jsonl") or _largest(archive, ".json")
    if bulk is None:
        raise ArchiveError(f"{file} is a zip archive, but neither of Slack nor of Mattermost: choose another file.")
    with archive.open(bulk) as text:
        yield from mattermost.read(lines(text))


def _largest(archive: ZipFile, ending: str) -> ZipInfo | None:
    found = [member for member in archive.infolist() if member.filename.endswith(ending)]
    return max(found, key=lambda member: member.file_size, default=None)


def _is_tar(file: Path) -> bool:
    try:
        with tarfile.open(file, "r|*"):
            return True
    except tarfile.TarError:
        return False


def _reader_of_lines(file: Path) -> Callable[[Iterator[bytes]], Iterator[Imported]] | None:
    """Return what reads JSON lines that begin as this file does; None if it has no such lines."""
    first = _head(file).partition(b"\n")[0]
    try:
        kind = decode(first, type=_FirstLine).type
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return {"chatdesk": ours.read, "message": ours.read, "version": mattermost.read}.get(kind)


def _is_discord(file: Path) -> bool:
    head = _head(file)
    return head.startswith(b"{") and b'"channel"' in head and b'"guild"' in head


def _head(file: Path) -> bytes:
    with file.open("rb") as text:
        return text.read(_HEAD_BYTES).removeprefix(BOM_UTF8).lstrip()
