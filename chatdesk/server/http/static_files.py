"""The page's files, in memory with their entity tags. What is not in the table cannot be requested."""

import gzip
import hashlib
import json
import mimetypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from chatdesk import __version__
from chatdesk.design_tokens import design_tokens_css
from chatdesk.paths import resources
from chatdesk.protocol import emoji
from chatdesk.server.http.bundle import bundle_markup, bundle_script, bundle_styles

_CONTENT_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
EMOJI_PATH = "/emoji.json"
_PARTS = "/parts/"
"""Where the parts lie that pages include, and that nobody requests."""
_VERSION = 'data-version=""'
"""What the page says of its version in the source: ours is put there, so that the page notices another server."""
_GZIP_LEVEL = 6
"""The usual one; 9 takes longer at the start and saves less than a percent."""
_BUNDLED_SCRIPTS = {"/page.js": "/js/main.js", "/check.js": "/js/check.js", "/ca.js": "/js/ca.js"}
_BUNDLED_STYLES = {
    "/page.css": "/css/page.css",
    "/check.css": "/css/check-page.css",
    "/ca.css": "/css/ca-page.css",
}
"""Bundles that are made when the server starts, by path, and the source file at which each begins."""


class StaticFile(NamedTuple):
    """A file as it is served. ``gzipped`` is its compressed body; empty for files that are not worth it."""

    content_type: str
    body: bytes
    etag: str
    gzipped: bytes = b""


def load_static_files(folder: Path) -> dict[str, StaticFile]:
    """All files of the page in this folder of resources by their URL path, with ``/`` for the page itself.

    Its README is left out, and so are the parts of pages: each page has them in it. ``/tokens.css``, ``/icons.js``,
    ``/icon.svg`` and ``/icon-unread.svg`` are made of what the window uses, too: design tokens, icons, logo. Raises
    OSError if the folder is not there.
    """
    web = folder / "web"
    files = {
        f"/{path.relative_to(web).as_posix()}": _static_file(path.suffix, path.read_bytes())
        for path in sorted(web.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.suffix != ".md"
    }
    tokens = json.loads((folder / "themes" / "tokens.json").read_text())
    files["/icon.svg"] = _static_file(".svg", (folder / "icons" / "mark.svg").read_bytes())
    files["/icon-unread.svg"] = _static_file(".svg", (folder / "icons" / "mark-unread.svg").read_bytes())
    files["/icons.js"] = _static_file(".js", icons_js(folder / "icons").encode())
    files["/tokens.css"] = _static_file(".css", design_tokens_css(tokens).encode())
    files = {path: file for path, file in files.items() if not path.startswith(_PARTS)} | _pages(files)
    files["/"] = files["/index.html"]
    return files | {path: _gzip(file) for path, file in (_bundles(files) | {"/": files["/"]}).items()}


@cache
def page_files() -> Mapping[str, StaticFile]:
    """The files that ship with the program, loaded once: a window may host one chat after another."""
    return load_static_files(resources())


@cache
def emoji_file() -> StaticFile:
    """The names, categories and keywords of all emoji, made at the first request: to load them takes 40 ms."""
    return _gzip(_static_file(".json", emoji.as_json()))


def _pages(files: Mapping[str, StaticFile]) -> dict[str, StaticFile]:
    """Each page with its parts in it, and with the version that serves it."""
    sources = {path: file.body.decode() for path, file in files.items() if path.endswith(".html")}
    pages = {path: bundle_markup(sources, path) for path in sources if not path.startswith(_PARTS)}
    version = f'data-version="{__version__}"'
    return {path: _static_file(".html", text.replace(_VERSION, version).encode()) for path, text in pages.items()}


def _bundles(files: Mapping[str, StaticFile]) -> dict[str, StaticFile]:
    """One script and one style sheet for each page whose sources exist."""
    sources = {path: file.body.decode() for path, file in files.items() if path.endswith((".js", ".css"))}
    scripts = {path: bundle_script(sources, first) for path, first in _BUNDLED_SCRIPTS.items() if first in sources}
    styles = {path: bundle_styles(sources, first) for path, first in _BUNDLED_STYLES.items() if first in sources}
    return {path: _static_file(Path(path).suffix, text.encode()) for path, text in (scripts | styles).items()}


def _gzip(file: StaticFile) -> StaticFile:
    """The file with a compressed body: on a slow network that saves several round trips."""
    return file._replace(gzipped=gzip.compress(file.body, _GZIP_LEVEL, mtime=0))


def icons_js(folder: Path) -> str:
    """The icons as a JavaScript module: an object of SVG drawings by name."""
    icons = {path.stem: path.read_text("utf-8").strip() for path in sorted(folder.glob("*.svg"))}
    return f"export default {json.dumps(icons)};\n"


def _static_file(suffix: str, body: bytes) -> StaticFile:
    content_type = _CONTENT_TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    return StaticFile(content_type, body, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
