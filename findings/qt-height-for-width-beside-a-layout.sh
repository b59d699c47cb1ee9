#!/bin/bash
# In QtWidgets, a parent's layout never asks a widget's own heightForWidth() once that widget has a layout of its own.
#
# QWidget::heightForWidth() is virtual, and its documentation says that "the default implementation" asks the widget's
# layout: one would guess that an override has the last word. The item that a layout makes for the widget asks the inner
# layout instead, whatever the widget answers. A control that arranges its parts in one row or in two, by its width, is
# squeezed to what its inner layout thinks, here nothing at all, although heightForWidth() called by hand gives the right
# figure. The same widget without a layout of its own, which places its parts by hand, gets the height that it asks for.
# Seen with PySide6-Essentials 6.12.0 (Qt 6.12).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check PySide6-Essentials==6.12.0
cat > heights.py <<'PYTHON'
from PySide6.QtCore import QSize, qVersion
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

app = QApplication([])


class Parts(QWidget):
    """One row of 30 pixels where there is room for it, else two."""

    def __init__(self, inner):
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if inner:
            QHBoxLayout(self).setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)

    def hasHeightForWidth(self):
        return True

    def heightForWidth(self, width):
        return 30 if width >= 600 else 60

    def sizeHint(self):
        return QSize(600, 30)

    def minimumSizeHint(self):
        return QSize(50, 30)


def height(inner):
    around, part = QWidget(), Parts(inner)
    layout = QVBoxLayout(around)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(part)
    layout.addStretch(1)
    around.resize(300, 400)
    around.show()
    app.processEvents()
    print(f"Qt {qVersion()}: with a layout of its own: {inner}; it is 300 wide and asks for 60, ", end="")
    print(f"and is made {part.height()} high")
    return part.height()


ignored, heard = height(True), height(False)
assert heard == 60, f"without a layout of its own it is not asked either: {heard}"
assert ignored < 60, f"an override is asked although the widget has a layout: {ignored}"
PYTHON
QT_QPA_PLATFORM=offscreen venv/bin/python heights.py
echo "seen: an overridden heightForWidth() counts only where the widget has no layout of its own"
