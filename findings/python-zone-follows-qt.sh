#!/bin/bash
# A process stays in the time zone that it was started in, although the system's has changed (/etc/localtime), until
# anything in it asks Qt for a local time: from then on Python tells the new zone, too, for all times it is asked.
#
# Python's datetime.astimezone() and time.localtime() call localtime_r, which by POSIX need not look at the zone again,
# and glibc's does not. Qt calls tzset() before it converts a QDateTime. So a PySide program whose zone changes is right
# or wrong by what else has run: a file dialog or a date edit moves the clock of the Python code, and of a log in
# another thread. The documentation of neither side says so: Python's speaks of tzset() only for changes of the variable
# TZ, that of QDateTime names the system's zone. One would have guessed that each follows, or that each keeps its own.
# The way out: call time.tzset() oneself, now and then, and do not rely on either.
# Not even that helps where TZ names a file (TZ=:/path): glibc compares the name, and reads a changed file no more.
# Seen with PySide6-Essentials 6.12.0, CPython 3.11 and 3.13, glibc 2.36 (Debian 12).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dpkg-query -W -f '${Package} ${Version}\n' libc6 tzdata
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check PySide6-Essentials==6.12.0
cat > ship.py <<'PYTHON'
import os
import shutil
import sys
import time
from datetime import UTC, datetime

from PySide6.QtCore import QDateTime, qVersion

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
changes = iter(range(1_000_000_000, 2_000_000_000))


def sail(zone, file="localtime"):
    shutil.copyfile(f"/usr/share/zoneinfo/{zone}", file)
    os.utime(file, (stamp := next(changes), stamp))


def python():
    return f"{NOON.astimezone():%H:%M}"


def qt():
    return QDateTime.fromSecsSinceEpoch(int(NOON.timestamp())).toString("HH:mm")


print(f"Python {sys.version.split()[0]}, Qt {qVersion()}")
seen = [python()]
sail("America/New_York")
seen += [python(), qt(), python()]
sail("Asia/Kolkata")
seen += [python(), (time.tzset(), python())[1]]
print("in Tokyo; in New York before Qt is asked, by Qt, and after; in Kolkata before and after tzset():")
print("SEEN", *seen)
sail("Asia/Tokyo", "named")
os.environ["TZ"] = f":{os.getcwd()}/named"
time.tzset()
named = [python()]
sail("America/New_York", "named")
time.tzset()
print("NAMED", *named, python())
PYTHON
cp /usr/share/zoneinfo/Asia/Tokyo localtime
touch -d @999999999 localtime
env -u TZ unshare -rm sh -c 'mount --bind localtime /etc/localtime && exec venv/bin/python ship.py' | tee seen
grep -qx 'SEEN 21:00 21:00 07:00 07:00 07:00 17:30' seen
grep -qx 'NAMED 21:00 21:00' seen
