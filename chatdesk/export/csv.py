"""CSV for spreadsheets: what somebody wrote stays text there, and is never calculated.

A spreadsheet takes a cell for a formula that begins with one of ``= + - @``, also in their full-width forms, and also
behind blanks. Where ``;`` separates the columns, as on a German or French system, it finds beginnings of cells within
what we quote, too: behind a semicolon, a quotation mark, a tab, a line break. An apostrophe before it makes text of it.

To have the message back, read the cell and take away one apostrophe wherever one stands at the beginning of the cell,
or behind one of those four, and is followed by such a sign, with nothing but blanks or further apostrophes between
them; and the one at the beginning of a cell that goes on with a tab or a line break.
"""

import codecs
import csv
import io
import re
from typing import BinaryIO

from chatdesk.protocol.events import Message

COLUMNS = ("number", "time", "nickname", "message", "id")

_SIGN = "[-=+@＝＋－＠]"
_UNSEEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
"""What a program may trim, or take no notice of. Tab and line break are not among it: they begin a cell."""
_FORMULA = re.compile(rf"\A(?='*[\t\r\n])|(?:\A|(?<=[;\"\t\r\n]))(?=[ '{_UNSEEN}]*{_SIGN})")


class CsvWriter:
    """Writes one row a message: UTF-8 that says so, as Excel asks for it, and everything but the number quoted.

    LibreOffice takes a semicolon outside of quotes for the end of a cell.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._row = io.StringIO(newline="")
        self._csv = csv.writer(self._row, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        file.write(codecs.BOM_UTF8)
        self._write_row(COLUMNS)

    def write(self, message: Message) -> None:
        """Write a row; a message without an ``id`` leaves its cell empty."""
        texts = (message.timestamp, message.nickname, message.content, message.id or "")
        self._write_row((message.seq, *map(escape_formulas, texts)))

    def close(self) -> None:
        """Nothing stands behind the last row."""

    def _write_row(self, cells: tuple[object, ...]) -> None:
        self._csv.writerow(cells)
        self._file.write(self._row.getvalue().encode())
        self._row.seek(0)
        self._row.truncate()


def escape_formulas(cell: str) -> str:
    """The cell with an apostrophe wherever a spreadsheet might begin to calculate."""
    return _FORMULA.sub("'", cell)
