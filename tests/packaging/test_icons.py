"""Every system finds the icon in the sizes that it requests."""

from pathlib import Path

import icons
from PySide6.QtGui import QImage, QImageReader


def sizes(file: Path) -> list[int]:
    """Return the sizes of the pictures that Qt reads from a container."""
    reader = QImageReader(str(file))
    found = []
    for number in range(reader.imageCount()):
        assert reader.jumpToImage(number)
        found.append(reader.read().width())
    return found


def test_a_picture_is_the_mark_in_its_size() -> None:
    picture = QImage.fromData(icons.png(48))
    assert (picture.width(), picture.height()) == (48, 48)
    assert picture.pixelColor(24, 36).name() == "#f1ab34"
    assert picture.pixelColor(0, 0).alpha() == 0


def test_windows_finds_all_sizes_in_one_file(tmp_path: Path) -> None:
    file = tmp_path / "mark.ico"
    file.write_bytes(icons.ico())
    assert sizes(file) == [16, 24, 32, 48, 64, 128, 256]


def test_macos_finds_all_sizes_in_one_file(tmp_path: Path) -> None:
    file = tmp_path / "mark.icns"
    file.write_bytes(icons.icns())
    assert sorted(sizes(file)) == [32, 64, 128, 256, 512, 1024]


def test_a_linux_desktop_finds_them_in_its_theme(tmp_path: Path) -> None:
    icons.write_hicolor(tmp_path)
    for size in icons.HICOLOR_SIZES:
        picture = QImage(str(tmp_path / "hicolor" / f"{size}x{size}" / "apps" / "chatdesk.png"))
        assert picture.width() == size
    assert (tmp_path / "hicolor" / "scalable" / "apps" / "chatdesk.svg").read_bytes() == icons.MARK.read_bytes()


def test_the_same_mark_gives_the_same_bytes() -> None:
    assert icons.ico() == icons.ico()
