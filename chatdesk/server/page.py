"""The page's files, held in memory with their entity tags: what is not in the list cannot be asked for."""

import hashlib
import json
import mimetypes
from pathlib import Path
from typing import NamedTuple

from chatdesk.tokens import tokens_css

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


class StaticFile(NamedTuple):
    """A file as it is served."""

    content_type: str
    body: bytes
    etag: str


def load_page(resources: Path) -> dict[str, StaticFile]:
    """All files of the page by their path in a URL, with ``/`` for the page itself.

    ``/tokens.css``, ``/icons.js`` and ``/icon.svg`` are what the window wears too: design tokens, icons and mark.

    Raises OSError when the folder is not there.
    """
    web = resources / "web"
    files = {
        f"/{path.relative_to(web).as_posix()}": _static_file(path.suffix, path.read_bytes())
        for path in sorted(web.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    tokens = json.loads((resources / "themes" / "tokens.json").read_text())
    files["/icon.svg"] = _static_file(".svg", (resources / "icons" / "mark.svg").read_bytes())
    files["/icons.js"] = _static_file(".js", icons_js(resources / "icons").encode())
    files["/tokens.css"] = _static_file(".css", tokens_css(tokens).encode())
    files["/"] = _static_file(".html", (web / "index.html").read_bytes())
    return files


def icons_js(folder: Path) -> str:
    """The icons as a module: each drawing by its name."""
    drawings = {path.stem: path.read_text("utf-8").strip() for path in sorted(folder.glob("*.svg"))}
    return f"export default {json.dumps(drawings)};\n"


def _static_file(suffix: str, body: bytes) -> StaticFile:
    content_type = _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    return StaticFile(content_type, body, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
