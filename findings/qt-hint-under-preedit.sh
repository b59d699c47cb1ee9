#!/bin/bash
# Of Qt's three text widgets one paints its placeholder under the words that an input method composes: QPlainTextEdit
# asks whether its document is empty, and what is composed is in none. QTextEdit and QLineEdit hide it from the first
# letter on.
#
# The documentation of placeholderText has the same words for QTextEdit and QPlainTextEdit, "as long as the document is
# empty", and for QLineEdit "as long as the line edit is empty"; of none it says whether a composition counts.
# One would have guessed that they agree; to anybody who writes Latin letters, they do.
# The way out: take the placeholder away on an input method event with a preedit, and put it back on the next without.
# Seen with PySide6-Essentials 6.12.0 on the platform "offscreen", and with IBus and libpinyin on X11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check PySide6-Essentials==6.12.0
cat > hints.py <<'PYTHON'
from PySide6.QtCore import QRect, qVersion
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

app = QApplication([])
print("Qt", qVersion())

def colours(edit):
    """How many are to be seen to the right of what is composed."""
    image = edit.grab(QRect(120, 8, 160, 14)).toImage()
    return len({image.pixel(x, y) for x in range(image.width()) for y in range(image.height())})

found = {}
for kind in (QLineEdit, QTextEdit, QPlainTextEdit):
    edit = kind()
    edit.resize(300, 30)
    edit.setPlaceholderText("M" * 60)
    edit.show()
    before = colours(edit) > 1
    QApplication.sendEvent(edit, QInputMethodEvent("ni", []))
    found[kind.__name__] = before, colours(edit) > 1
    print(f"{kind.__name__}: hint while empty {before}, while composing {found[kind.__name__][1]}")
assert found == {"QLineEdit": (True, False), "QTextEdit": (True, False), "QPlainTextEdit": (True, True)}
PYTHON
QT_QPA_PLATFORM=offscreen venv/bin/python hints.py
