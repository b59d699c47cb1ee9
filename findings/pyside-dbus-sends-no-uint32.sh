#!/bin/bash
# PySide's QtDBus cannot send a 32-bit unsigned number: an int in a message goes as int32 ("i"), and one that is put into
# a QDBusArgument as uint16 ("q"), whatever its size; True and 1.5, too. So a method that takes "u" refuses every call:
# here RequestName of the bus itself, and likewise Notify of org.freedesktop.Notifications, whose numbers are "u".
# An empty list goes as "av", also where strings are expected.
#
# One would have guessed the first, since Qt sees no signature. But QDBusArgument is there to say the type, and in C++ it
# has an operator for each; Python's numbers all end in the same one. A number above 65535 raises OverflowError.
# The way out: a D-Bus library of Python, such as jeepney, where the signature is written down with each call.
# Seen with PySide6-Essentials 6.12.0, CPython 3.11 and 3.13, dbus-daemon 1.14.10 (Debian 12).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dbus-daemon --version | head -1
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check PySide6-Essentials==6.12.0
cat > call.py <<'PYTHON'
import sys
import warnings

from PySide6.QtCore import QCoreApplication, qVersion
from PySide6.QtDBus import QDBusArgument, QDBusConnection, QDBusMessage

warnings.simplefilter("ignore")
application = QCoreApplication([])
bus = QDBusConnection.sessionBus()
print(f"Python {sys.version.split()[0]}, Qt {qVersion()}, connected: {bus.isConnected()}")


def argument(value):
    made = QDBusArgument()
    made << value
    return made


def answer(flags):
    call = QDBusMessage.createMethodCall(
        "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName"
    )
    call.setArguments(["org.example.Finding", flags])
    reply = bus.call(call)
    return reply.errorName().rpartition(".")[2] or "accepted"


print("SIGNATURES", *(argument(value).currentSignature() for value in (5, True, 1.5)))
print("ANSWERS", answer(0), answer(argument(0)))
try:
    argument(70_000)
except OverflowError:
    print("LARGE OverflowError")
PYTHON
seen=$(dbus-run-session -- venv/bin/python call.py 2>/dev/null)
echo "$seen"
grep -qx "SIGNATURES q q q" <<< "$seen"
grep -qx "ANSWERS InvalidArgs InvalidArgs" <<< "$seen"
grep -qx "LARGE OverflowError" <<< "$seen"
