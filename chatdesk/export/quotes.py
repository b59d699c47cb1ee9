"""The beginnings of all messages that were written, for the answers that follow: on the disk once they are many."""

import sqlite3


class Quotes:
    """Words by the number of a message. What it takes of memory does not grow with the conversation."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # a file without a name, which goes with the connection
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("CREATE TABLE quote (seq INTEGER PRIMARY KEY, words TEXT NOT NULL)")
        self._db.execute("BEGIN")

    def add(self, seq: int, words: str) -> None:
        """Keep the words of a message."""
        self._db.execute("INSERT OR REPLACE INTO quote VALUES (?, ?)", (seq, words))

    def get(self, seq: int) -> str:
        """Return the words of a message; empty for one that was not written."""
        row = self._db.execute("SELECT words FROM quote WHERE seq = ?", (seq,)).fetchone()
        return row[0] if row else ""

    def close(self) -> None:
        """Forget all of it."""
        self._db.close()

    def __del__(self) -> None:
        """An export that fails or is cancelled does not come to its end."""
        self._db.close()
