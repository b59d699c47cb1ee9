"""Writes CSV for spreadsheets, in which no message is taken for a formula.

A spreadsheet takes a cell for a formula if it begins with one of ``= + - @``, also in their full-width forms and after
blanks. On systems that separate columns by ``;``, such as German or French ones, it also finds cells in quoted text:
after a semicolon, a quotation mark, a tab or a line break. An apostrophe before the sign makes it text.

To restore a message, remove one apostrophe at the beginning of the cell or after one of those four characters, if it is
followed by such a sign with nothing but blanks or further apostrophes between; and the one at the beginning of a cell
that continues with a tab or a line break.
"""

import codecs
import csv
import io
import re
from typing import BinaryIO

from chatdesk.protocol.events import Message
from chatdesk.protocol.removal import removal

COLUMNS = ("number", "time", "nickname", "message", "id")

_SIGN = "[-=+@＝＋－＠]"
_UNSEEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
"""Characters that a program may trim or ignore; not tab and line break, after which a cell may begin."""
_FORMULA = re.compile(rf"\A(?='*[\t\r\n])|(?:\A|(?<=[;\"\t\r\n]))(?=[ '{_UNSEEN}]*{_SIGN})")


class CsvWriter:
    """Writes one row per message, in UTF-8 with a byte order mark, which Excel needs.

    Everything but the number is quoted: LibreOffice ends a cell at a semicolon outside of quotes.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._row = io.StringIO(newline="")
        self._csv = csv.writer(self._row, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        file.write(codecs.BOM_UTF8)
        self._write_row(COLUMNS)

    def write(self, message: Message) -> None:
        """Write the next message; without an ``id`` that cell is empty."""
        content = f"({removal(message)})" if message.deleted else message.content
        texts = (message.timestamp, message.nickname, content, message.id or "")
        self._write_row((message.seq, *map(escape_formulas, texts)))

    def close(self) -> None:
        """Nothing follows the last row."""

    def _write_row(self, cells: tuple[object, ...]) -> None:
        self._csv.writerow(cells)
        self._file.write(self._row.getvalue().encode())
        self._row.seek(0)
        self._row.truncate()


def escape_formulas(cell: str) -> str:
    """Return a cell with an apostrophe wherever a spreadsheet might see a formula."""
    return _FORMULA.sub("'", cell)
