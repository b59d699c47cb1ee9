#!/bin/bash
# Qt's QAccessibleAnnouncementEvent, made "to let assistive technology announce a message", is silent for Orca 43, the
# screen reader of Debian 12: it has no listener for AT-SPI's object:announcement (Orca 48 has one), and nobody tells
# the program. New rows of a QListView are silent, too: they are "row-inserted" to AT-SPI, of which Orca takes no
# notice. What Orca 43 says, and later ones as well, is a widget of role Notification that appears.
#
# The documentation of QAccessibleAnnouncementEvent names no reader that must support it; that of QAccessible tells what
# events mean, not who hears them. One would have guessed that an announcement, or an entry in the list that has the
# keys, is read out by any screen reader.
# The way out: a widget without extent, whose QAccessibleWidget has the role Notification and whose name is the text,
# shown and deleted again later. Use a new one for each text: the reader asks for its name after the event.
# Needs root, Debian 12's orca, at-spi2-core, dbus and xvfb. Seen with Orca 43.1, PySide6-Essentials 6.12.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dpkg-query -W -f '${Package} ${Version}\n' orca at-spi2-core xvfb
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check PySide6-Essentials==6.12.0
cat > window.py <<'PYTHON'
from PySide6.QtCore import QStringListModel, QTimer, qVersion
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAccessibleWidget, QApplication, QListView, QVBoxLayout, QWidget


class Notice(QWidget):
    pass


def describe(_class, widget):
    return QAccessibleWidget(widget, QAccessible.Role.Notification) if isinstance(widget, Notice) else None


def add_row():
    model.insertRow(model.rowCount())
    model.setData(model.index(model.rowCount() - 1), "A row of a list")


def announce():
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(window, "An announcement"))


def notify():
    notice = Notice(window)
    notice.setAccessibleName("A notification")
    notice.setGeometry(0, 0, 0, 0)
    notice.show()


QAccessible.installFactory(describe)
app = QApplication(["window", "-platform", "xcb"])
print(f"Qt {qVersion()}", flush=True)
window, list_view, model = QWidget(), QListView(), QStringListModel(["The first row"])
list_view.setModel(model)
QVBoxLayout(window).addWidget(list_view)
window.show()
window.activateWindow()
list_view.setFocus()
for seconds, work in ((4, add_row), (6, announce), (8, notify), (12, app.quit)):
    QTimer.singleShot(seconds * 1000, work)
app.exec()
PYTHON
cat > read.py <<'PYTHON'
import os
import pty
import subprocess
import threading
import tty

reading, writing = pty.openpty()  # Orca writes a file in blocks, a terminal line by line
tty.setraw(writing)
log = open("log", "wb")


def copy():
    while part := os.read(reading, 65536):
        log.write(part)
        log.flush()


threading.Thread(target=copy, daemon=True).start()
orca = subprocess.Popen(["orca", f"--debug-file={os.ttyname(writing)}"], stdout=-3, stderr=-3)
while b"Screen reader on" not in open("log", "rb").read():
    assert orca.poll() is None
subprocess.run(["venv/bin/python", "window.py"], stderr=-3, check=True)
PYTHON
export HOME="$folder" XDG_RUNTIME_DIR="$folder" GSETTINGS_BACKEND=memory SPEECHD_CMD=nothing
inside='xvfb-run -a dbus-run-session -- python3 read.py; exit $?'  # as the first process, xvfb-run waits for ever
timeout 90 unshare --pid --fork --kill-child --mount-proc sh -c "$inside"
grep -a -o "SPEECH OUTPUT: '[^']*" log | sed "s/SPEECH OUTPUT: '/SAID /" | tee seen
grep -q 'SAID notification A notification' seen
! grep -q 'An announcement\|A row of a list' seen
