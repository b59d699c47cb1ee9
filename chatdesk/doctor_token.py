"""The token by which ``chatdesk doctor`` may examine a chat of this machine, whose history it can read."""

from pathlib import Path

from chatdesk.archive.history_file import ArchiveError, open_history
from chatdesk.paths import chat_folder
from chatdesk.server.identity import Identities


def doctor_token(name: str, data_dir: Path | None) -> str:
    """A token for examining a chat of this name, made with the secret in its history; empty if there is no history."""
    try:
        with open_history(data_dir or chat_folder(name)) as db:
            secret: bytes = db.execute("SELECT value FROM about WHERE name = 'secret'").fetchone()[0]
    except ArchiveError:
        return ""
    return Identities(secret).doctor_token()
