#!/bin/bash
# Qt's raster engine draws fonts with CFF outlines (.otf) heavier than fonts with TrueType outlines (.ttf), and light
# letters on dark much heavier than dark ones on light: 43 percent more ink for white on black, the same words and font.
#
# Qt 6 on Linux turns FreeType's stem darkening on for the driver "cff" alone, after FreeType has read
# FREETYPE_PROPERTIES, so that "cff:no-stem-darkening=1" there is of no effect; and it blends such fonts, and only them,
# in linear light. QFont::setHintingPreference and setStyleStrategy change neither. FreeType's documentation says that
# stem darkening is off by default and that the variable turns it off. Debian packages Inter as .otf: a dark theme looks
# semibold in the window beside the same page in Chromium, and a change of font "mends" it.
# One would have guessed that weight depends on font, size and hinting, not on the file's kind of outlines nor on the
# colours, and that the variable of FreeType holds for Qt, which uses the system's FreeType.
# The way out shown here: FT_Property_Set on the library that the exported but undocumented qt_getFreetype() returns.
# Seen with PySide6-Essentials 6.12.0 and FreeType of Debian 12 (2.12.1).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dpkg-query -W -f '${Package} ${Version}\n' fonts-inter fonts-dejavu-core libfreetype6
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check PySide6-Essentials==6.12.0
cat > ink.py <<'PYTHON'
import ctypes
import sys

from PySide6.QtCore import QPointF, qVersion
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QImage, QPainter

app = QGuiApplication([])
if sys.argv[1] == "off":
    qt = ctypes.CDLL("libQt6Gui.so.6")
    qt._Z14qt_getFreetypev.restype = ctypes.c_void_p
    qt.FT_Property_Set.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p]
    off = ctypes.byref(ctypes.c_ubyte(1))
    assert qt.FT_Property_Set(qt._Z14qt_getFreetypev(), b"cff", b"no-stem-darkening", off) == 0


def ink(family, text, ground):
    image = QImage(600, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    font = QFont(family)
    font.setPixelSize(15)
    assert QFontInfo(font).family() == family
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(QColor(text))
    painter.drawText(QPointF(8, 28), "Left motor on bench 4 spins backwards. I swapped the leads.")
    painter.end()
    low, high = QColor(ground).green(), QColor(text).green()
    greens = (image.pixelColor(x, y).green() for y in range(image.height()) for x in range(image.width()))
    return sum((green - low) / (high - low) for green in greens)


for family in ("Inter", "DejaVu Sans"):
    light, dark = ink(family, "white", "black"), ink(family, "black", "white")
    print(f"Qt {qVersion()}, {sys.argv[1]}: {family}: light on dark {light:.0f}, dark on light {dark:.0f}")
    print(f"RATIO {sys.argv[1]} {family.split()[0]} {light / dark:.2f}")
PYTHON
export QT_QPA_PLATFORM=offscreen
{
    FREETYPE_PROPERTIES="cff:no-stem-darkening=1" venv/bin/python ink.py variable
    venv/bin/python ink.py off
} | tee seen
ratio() { sed -n "s/^RATIO $1 //p" seen; }
python3 - "$(ratio "variable Inter")" "$(ratio "variable DejaVu")" "$(ratio "off Inter")" <<'PYTHON'
import sys

heavy, truetype, mended = map(float, sys.argv[1:])
assert heavy > 1.2, f"CFF letters are as heavy on dark as on light: {heavy}"
assert truetype < 1.02, f"TrueType letters differ as well: {truetype}"
assert mended < 1.02, f"without the darkening they still differ: {mended}"
PYTHON
echo "seen: CFF letters on dark are heavier, TrueType ones are not, and only FT_Property_Set on Qt's own library ends it"
