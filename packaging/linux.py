"""The tree under ``usr`` that the Debian package and the AppImage share: program, menu entry, icons, AppStream data."""

import datetime
import shutil
from pathlib import Path

import icons
from project import APPLICATION_ID, NAME, PACKAGING, VERSION, epoch

FILES = PACKAGING / "linux"


def write_usr(usr: Path, bundle: Path) -> None:
    """Fill the folder ``usr``; the bundle is copied."""
    shutil.copytree(bundle, usr / "lib" / NAME, symlinks=True)
    (usr / "bin").mkdir()
    (usr / "bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    icons.write_hicolor(usr / "share" / "icons")
    applications, about = usr / "share" / "applications", usr / "share" / "metainfo"
    applications.mkdir()
    about.mkdir()
    shutil.copy(FILES / "chatdesk.desktop", applications)
    (about / f"{APPLICATION_ID}.metainfo.xml").write_text(metainfo())


def metainfo(version: str = VERSION) -> str:
    """Return the AppStream data, with version and date."""
    day = datetime.datetime.fromtimestamp(epoch(), datetime.UTC).date()
    text = (FILES / f"{APPLICATION_ID}.metainfo.xml").read_text()
    return text.replace("@VERSION@", version).replace("@DATE@", day.isoformat())
