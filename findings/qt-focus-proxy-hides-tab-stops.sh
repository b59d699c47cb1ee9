#!/bin/bash
# A container whose focus proxy is the last field in it takes all other widgets in it out of the order of Tab, but only
# forwards: Shift+Tab goes through all of them.
#
# setFocusProxy() is documented as "the widget that gets the focus instead" of a widget that cannot take keys itself, and
# people give it to containers so that container.setFocus() leads to the right field. QWidget::nextInFocusChain() still
# names every widget, in both directions. One would have guessed that a container that is no tab stop (NoFocus) changes
# nothing about Tab, or the same in both directions. A person who moves by Tab never reaches the search, the lists and
# the buttons of such a container, and finds them by Shift+Tab.
# The way out: no focus proxy; let the container's own setFocus() hand the keys on. (Not its focusInEvent(): the
# accessibility event of the container would come after that of the field, and screen readers believe the last one.)
# Seen with PySide6-Essentials 6.12.0 (Qt 6.12.0), offscreen and X11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check PySide6-Essentials==6.12.0
cat > tabs.py <<'PYTHON'
from PySide6.QtCore import Qt, qVersion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

app = QApplication(["tabs", "-platform", "offscreen"])
print(f"Qt {qVersion()}")


def walk(proxied, key):
    window, container = QWidget(), QWidget()
    menu, search, people, message = (QPushButton("menu"), QPushButton("search"), QPushButton("people"), QLineEdit())
    message.setObjectName("message")
    inner, outer = QVBoxLayout(container), QVBoxLayout(window)
    for part in (search, people, message):
        inner.addWidget(part)
    outer.addWidget(menu)
    outer.addWidget(container)
    if proxied:
        container.setFocusProxy(message)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    menu.setFocus()
    stops = []
    while not stops or app.focusWidget() is not menu:
        stop = app.focusWidget()
        stops.append(stop.text() or stop.objectName())
        QTest.keyClick(stop, key)
    return " ".join(stops)


for proxied in (False, True):
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        print("WITH" if proxied else "WITHOUT", key.name, walk(proxied, key))
PYTHON
venv/bin/python tabs.py | tee seen
grep -qx 'WITHOUT Key_Tab menu search people message' seen
grep -qx 'WITHOUT Key_Backtab menu message people search' seen
grep -qx 'WITH Key_Tab menu message' seen
grep -qx 'WITH Key_Backtab menu message people search' seen
