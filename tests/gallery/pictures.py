"""Drawing, approving and comparing the pictures."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, Qt, qVersion
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageWriter, QPainter

from tests.gallery.compare import compare
from tests.gallery.content import NOW
from tests.gallery.page import PAGE, draw_page
from tests.gallery.window import WINDOW

_COLUMNS = 6  # of the overview, which is 2,520 pixels wide and readable on a screen
_CELL = QRect(0, 0, 420, 320)
_CAPTION = 20  # pixels, for one line

_MADE_WITH = "made-with.txt"
_PACKAGES = (
    "chromium",
    "fonts-inter",
    "fonts-jetbrains-mono",
    "fonts-noto-color-emoji",
    "fonts-noto-core",
    "libfreetype6",
)
APPROVED = Path(__file__).parent / "approved"

Drawn = dict[str, QImage]


def draw(prefixes: list[str], folder: Path) -> Drawn:
    """Draw all scenes whose name begins with one of ``prefixes``, or all, into a folder, with an overview."""
    of_window, of_page = (
        [name for name in names if not prefixes or name.startswith(tuple(prefixes))] for names in (WINDOW, PAGE)
    )
    with _drawing_window(of_window, folder) as window:
        if of_page:
            draw_page(of_page, folder)
        assert window.wait() == 0, "the window could not be drawn"
    drawn = {name: QImage(str(folder / f"{name}.png")) for name in (*of_window, *of_page)}
    _overview(drawn).save(str(folder / "overview.png"))
    return drawn


def _drawing_window(names: list[str], folder: Path) -> subprocess.Popen[bytes]:
    """Start a process with a fixed clock in UTC, and without the settings of the person who starts it."""
    fixed = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "CHATDESK_", "XDG_"))}
    command = ["faketime", "-f", NOW, sys.executable, "-m", "tests.gallery.window", str(folder), *names]
    return subprocess.Popen(command, env=plain | fixed)


def approve(drawn: Drawn, approved: Path, *, whole: bool) -> int:
    """Approve pictures: write those that differ; of the whole gallery, also remove those without a scene."""
    approved.mkdir(exist_ok=True)
    for name, image in drawn.items():
        file = _file(approved, name)
        if not file.exists() or compare(image, QImage(str(file))):
            writer = QImageWriter(str(file), b"webp")
            writer.setQuality(100)  # lossless
            assert writer.write(image.convertToFormat(QImage.Format.Format_RGB32)), writer.errorString()
            print(f"approved {name}")
    if whole:
        (approved / _MADE_WITH).write_text(_versions())
    for file in approved.glob("*.webp") if whole else ():
        if file.stem not in drawn:
            file.unlink()
            print(f"removed {file.stem}")
    return 0


def judge(drawn: Drawn, approved: Path, folder: Path, *, whole: bool) -> int:
    """Print which pictures differ from the approved ones, and where; returns the exit code."""
    complaints = []
    for name, image in drawn.items():
        right = QImage(str(_file(approved, name)))
        if right.isNull():
            complaints.append(f"{name}: nobody has approved it")
        elif difference := compare(image, right):
            right.save(str(folder / f"{name}.approved.png"))
            difference.marked.save(str(folder / f"{name}.different.png"))
            complaints.append(f"{name}: {difference.where}")
    if whole:
        complaints += [
            f"{file.stem}: it is not drawn any more" for file in approved.glob("*.webp") if file.stem not in drawn
        ]
    for complaint in complaints:
        print(complaint)
    if complaints and (before := _read(approved / _MADE_WITH)) != (now := _versions()):
        print(f"They were approved with other programs or fonts.\nThen: {before}\nNow: {now}")
    if complaints:
        print(f"Look at {folder}; where it is right, approve it: python -m tests.gallery --approve")
    return 1 if complaints else 0


def _versions() -> str:
    """Return the versions of the packages on which the look of letters depends."""
    command = ["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *_PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{done.stdout}Qt {qVersion()}"


def _read(file: Path) -> str:
    return file.read_text() if file.exists() else "unknown"


def _file(approved: Path, name: str) -> Path:
    return approved / f"{name}.webp"


def _overview(drawn: Drawn) -> QImage:
    """Return all pictures on one, small, each with its name."""
    rows = -(-len(drawn) // _COLUMNS)
    sheet = QImage(_COLUMNS * _CELL.width(), max(1, rows) * _CELL.height(), QImage.Format.Format_RGB32)
    sheet.fill(QColor("#777777"))
    _application = QGuiApplication.instance() or QGuiApplication([])  # without one, Qt has no fonts for captions
    painter = QPainter(sheet)
    painter.setPen(QColor("white"))
    for place, (name, image) in enumerate(drawn.items()):
        row, column = divmod(place, _COLUMNS)
        cell = _CELL.translated(column * _CELL.width(), row * _CELL.height()).adjusted(6, 6, -6, -6)
        painter.drawText(QRectF(cell), Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, name)
        room = cell.adjusted(0, _CAPTION, 0, 0).size()
        small = image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        painter.drawImage(cell.left(), cell.top() + _CAPTION, small)
    painter.end()
    return sheet
