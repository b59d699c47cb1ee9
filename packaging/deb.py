"""The Debian package, made with dpkg-deb."""

import gzip
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import linux
from project import NAME, PACKAGING, SUMMARY, VERSION, XZ, reproducible, settle

DEPENDS = (
    # Debian 13 and Ubuntu 24.04 renamed some libraries for 64-bit time: apt takes the first alternative that exists.
    "libglib2.0-0t64 | libglib2.0-0",
    "libstdc++6",
    "zlib1g",
    "libgl1",
    "libegl1",
    "libdbus-1-3",
    "libfontconfig1",
    "libfreetype6",
    "libx11-6",
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libwayland-cursor0",
    "libwayland-egl1",
    "fonts-dejavu-core",
)
"""The system's libraries that Qt needs for a window on X11 and on Wayland."""

_CONTROL = """Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: The ChatDesk maintainers <maintainers@chatdesk.invalid>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: fonts-noto-color-emoji
Section: net
Priority: optional
Description: {summary}
 Press Host, and everyone on the network joins: from a browser by address or QR
 code, from another ChatDesk, or from a terminal. No account, no cloud, no
 internet. For classrooms, workshops, ships, labs and offices that are not
 online.
"""
_GLIBC = re.compile(rb"GLIBC_2\.(\d+)\0")


def build(bundle: Path, sbom: Path, to: Path, work: Path, version: str = VERSION, *, packed: bool = True) -> Path:
    """Build the package of a bundle into the folder ``to``; ``packed`` is small and takes longer."""
    root = work / f"deb-{version}"
    usr = root / "usr"
    linux.write_usr(usr, bundle)
    shutil.copytree(PACKAGING / "systemd", usr / "lib" / "systemd" / "system")
    _write_documents(usr / "share" / "doc" / NAME, sbom)
    _write_control(root, version)
    settle(root)
    package = to / f"{NAME}_{version}_{architecture()}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(root), str(package)]
    subprocess.run(command, env=reproducible(), stdout=subprocess.DEVNULL, check=True)
    shutil.rmtree(root)
    if packed:
        _pack(package, work / f"parts-{version}")
    return package


def _pack(package: Path, parts: Path) -> None:
    """Compress the parts of a package: dpkg reads what ``XZ`` writes, but dpkg-deb itself knows no filter."""
    parts.mkdir()
    subprocess.run(["ar", "x", str(package)], cwd=parts, check=True)
    subprocess.run([*XZ, "control.tar", "data.tar"], cwd=parts, check=True)
    package.unlink()
    names = ["debian-binary", "control.tar.xz", "data.tar.xz"]  # dpkg requires this order
    subprocess.run(["ar", "qcDS", str(package), *names], cwd=parts, check=True)
    shutil.rmtree(parts)


def architecture() -> str:
    """Return Debian's name for this machine's architecture, such as ``amd64``."""
    return subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()


def control(version: str, kilobytes: int, glibc: int) -> str:
    """Return the control file, which is what apt knows about the package."""
    depends = ", ".join((f"libc6 (>= 2.{glibc})", *DEPENDS))
    about = {"name": NAME, "architecture": architecture(), "summary": SUMMARY[0].lower() + SUMMARY[1:]}
    return _CONTROL.format(**about, version=version, kilobytes=kilobytes, depends=depends)


def _write_documents(folder: Path, sbom: Path) -> None:
    folder.mkdir(parents=True)
    shutil.copy(linux.FILES / "copyright", folder)
    shutil.copy(sbom, folder / "chatdesk-sbom.cdx.json")
    shutil.copytree(PACKAGING / "proxies", folder / "examples" / "proxies")
    shutil.copy(PACKAGING / "examples" / "bot.py", folder / "examples")
    shutil.copytree(PACKAGING / "grafana", folder / "examples" / "grafana")
    (folder / "OPERATING.md.gz").write_bytes(gzip.compress((PACKAGING / "OPERATING.md").read_bytes(), mtime=0))
    changes = (PACKAGING / "CHANGELOG.md").read_bytes()
    (folder / "CHANGELOG.md.gz").write_bytes(gzip.compress(changes, mtime=0))


def _write_control(root: Path, version: str) -> None:
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    folder = root / "DEBIAN"
    folder.mkdir()
    sums = (f"{hashlib.md5(file.read_bytes()).hexdigest()}  {file.relative_to(root)}\n" for file in files)
    (folder / "md5sums").write_text("".join(sums))
    kilobytes = sum(file.stat().st_size for file in files) // 1024
    (folder / "control").write_text(control(version, kilobytes, _needed_glibc(files)))
    shutil.copy(linux.FILES / "postrm", folder)
    (folder / "postrm").chmod(0o755)


def _needed_glibc(files: list[Path]) -> int:
    """Return the latest version of the C library that a file requires, as the number after ``2.``."""
    libraries = (file for file in files if ".so" in file.name or file.name == NAME)
    return max(int(number) for library in libraries for number in _GLIBC.findall(library.read_bytes()))
