"""SHA256SUMS, in the format of ``sha256sum --check``."""

import hashlib
from pathlib import Path


def write(folder: Path) -> Path:
    """Write one line for each file of the folder, sorted by name."""
    sums = folder / "SHA256SUMS"
    sums.unlink(missing_ok=True)
    files = sorted(path for path in folder.iterdir() if path.is_file())
    sums.write_text("".join(f"{_digest(file)}  {file.name}\n" for file in files))
    return sums


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
