#!/bin/bash
# When the display goes away, one and the same Qt program ends in two ways. On X11 it quits: aboutToQuit is sent, exec()
# returns 1, and what follows runs, Python's "finally" and atexit functions too. On Wayland the process ends within
# exec() with code 255: no aboutToQuit, no "finally", no atexit.
#
# QCoreApplication's documentation tells to clean up in a slot of aboutToQuit() rather than after exec(), since exec()
# does not return everywhere, and names the end of a Windows session as the example; of Wayland it says nothing.
# One would have guessed that aboutToQuit comes in both.
# What does come in both cases is a warning before the end ("The Wayland connection broke. Did the Wayland compositor
# die?", "The X11 connection broke"): a handler of qInstallMessageHandler is the last code of the program on Wayland.
# Seen with PySide6-Essentials 6.12.0, Weston 10.0.1 and Xvfb of Debian 12.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
dpkg-query -W -f '${Package} ${Version}\n' weston xvfb
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check PySide6-Essentials==6.12.0
cat > program.py <<'PYTHON'
import atexit
import os
import sys

from PySide6.QtCore import QTimer, qInstallMessageHandler, qVersion
from PySide6.QtGui import QGuiApplication, QRasterWindow

def say(*words):
    print(*words, flush=True)

say("Qt", qVersion(), sys.argv[2])
qInstallMessageHandler(lambda kind, context, message: say("warned") if "connection broke" in message else None)
app = QGuiApplication(["program", "-platform", sys.argv[2]])
app.aboutToQuit.connect(lambda: say("aboutToQuit"))
atexit.register(say, "atexit")
window = QRasterWindow()
window.show()
QTimer.singleShot(1000, lambda: os.kill(int(sys.argv[1]), 9))
try:
    say("exec returned", app.exec())
finally:
    say("finally")
PYTHON
ends() {  # platform, pid of its display, expected code, expected words
    code=0
    timeout 60 venv/bin/python program.py "$2" "$1" > said || code=$?
    said=$(tail -n +2 said | tr '\n' ';')
    echo "$(head -1 said): code $code: $said"
    [ "$code" = "$3" ] && [ "$said" = "$4" ]
}
export XDG_RUNTIME_DIR=$folder
unset QT_QPA_PLATFORM QT_WAYLAND_RECONNECT
weston --backend=headless-backend.so --use-pixman --no-config --socket=wayland-1 > weston.log 2>&1 &
compositor=$!
mkfifo number
Xvfb -displayfd 3 -nolisten tcp 3> number 2> xvfb.log &
server=$!
export DISPLAY=:$(cat number) WAYLAND_DISPLAY=wayland-1
until [ -S wayland-1 ]; do sleep 0.1; done
ends wayland $compositor 255 "warned;"
ends xcb $server 0 "warned;aboutToQuit;exec returned 1;finally;atexit;"
