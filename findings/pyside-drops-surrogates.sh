#!/bin/bash
# PySide6 drops lone surrogates from every QString that comes back to Python, without an error and without a replacement
# character. Qt keeps them: a document that holds one counts a character more than Python ever sees of it.
#
# They are not exotic. Qt stands one for each byte of a file's name that is no UTF-8, so QDirIterator lists "caf" twice
# where the files are "caf" and b"caf\xe9", and what Python opens by the second name is the first file. Python stands
# them likewise (os.listdir(), PEP 383), and json.loads('"\\ud83d"') gives half an emoji: handed to Qt and read back,
# the text is shorter, and positions counted by Qt are off by one in it. Two halves that Python holds as two characters
# come back as one. QTextDocument.characterAt() keeps the half, for a single QChar goes another way.
# PySide6's documentation of QString as str promises an automatic conversion and names no loss.
# One would have guessed UnicodeEncodeError, a str with the surrogate as Python itself makes them, or U+FFFD, as
# QString.fromUtf8() puts it.
# Seen with PySide6-Essentials 6.12.0 on Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check PySide6-Essentials==6.12.0
mkdir files
cat > crossing.py <<'PYTHON'
import os

from PySide6.QtCore import QByteArray, QDirIterator, QFile, qVersion
from PySide6.QtGui import QGuiApplication, QTextDocument

app = QGuiApplication([])
print("Qt", qVersion())
document = QTextDocument()

for text, back, units in (("a\ud83db", "ab", 3), ("\udce9", "", 1), ("\ud83d\ude00", "\U0001f600", 2), ("a\ufffdb", "a\ufffdb", 3)):
    document.setPlainText(text)
    count = document.characterCount() - 1  # without the end of the paragraph
    print(f"{ascii(text)}: Qt holds {count}, Python reads {ascii(document.toPlainText())}")
    assert (count, document.toPlainText()) == (units, back)
document.setPlainText("a\ud83db")
assert document.characterAt(1) == "\ud83d"

os.chdir("files")
with open("caf", "w") as plain, open(b"caf\xe9", "w") as latin:
    plain.write("the plain one")
    latin.write("the one in Latin 1")
entries = QDirIterator(".", ["caf*"])
said = []
while entries.hasNext():
    file = QFile(entries.next())
    assert file.open(QFile.OpenModeFlag.ReadOnly)
    said.append((file.fileName(), file.readAll().data().decode()))
print(f"Python lists {ascii(sorted(os.listdir()))}, Qt for Python {said}")
assert said == [("./caf", "the plain one")] * 2
assert QFile.decodeName(QByteArray(b"caf\xe9")) == "caf\ufffd"  # this way, Qt replaces
print("Lone surrogates are lost between Qt and Python.")
PYTHON
QT_QPA_PLATFORM=offscreen venv/bin/python crossing.py
