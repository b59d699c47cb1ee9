"""The icon in the formats of each system: PNGs of standard sizes, an .ico for Windows, an .icns for macOS."""

import struct
from pathlib import Path

from project import RESOURCES
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

MARK = RESOURCES / "icons" / "mark.svg"
HICOLOR_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)  # all that GNOME and KDE request
_ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)  # of Windows' menus, task bar and folders at each scale
_ICNS_KINDS = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}
_ICO_HEADER, _ICO_ENTRY = "<HHH", "<BBBBHHII"


def png(size: int) -> bytes:
    """Return the mark as a PNG of this width and height in pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(MARK)).render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(data.data())


def ico() -> bytes:
    """Return Windows' container: a directory, then the pictures."""
    pictures = [png(size) for size in _ICO_SIZES]
    place = struct.calcsize(_ICO_HEADER) + len(pictures) * struct.calcsize(_ICO_ENTRY)
    directory = struct.pack(_ICO_HEADER, 0, 1, len(pictures))
    for size, picture in zip(_ICO_SIZES, pictures, strict=True):
        side = size % 256  # 0 stands for 256
        directory += struct.pack(_ICO_ENTRY, side, side, 0, 0, 1, 32, len(picture), place)
        place += len(picture)
    return directory + b"".join(pictures)


def icns() -> bytes:
    """Return macOS's container: each picture, preceded by its type and length."""
    pictures = ((kind, png(size)) for kind, size in _ICNS_KINDS.items())
    body = b"".join(kind + struct.pack(">I", len(picture) + 8) + picture for kind, picture in pictures)
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def write_hicolor(icons: Path) -> None:
    """Write the folders of the freedesktop icon theme, with the mark as ``chatdesk``."""
    for size in HICOLOR_SIZES:
        _write(icons / "hicolor" / f"{size}x{size}" / "apps" / "chatdesk.png", png(size))
    _write(icons / "hicolor" / "scalable" / "apps" / "chatdesk.svg", MARK.read_bytes())


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
