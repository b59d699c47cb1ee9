"""The page's files, held in memory with their entity tags: what is not in the list cannot be asked for."""

import hashlib
import json
import mimetypes
from pathlib import Path
from typing import Any, NamedTuple

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


def tokens_css(tokens: dict[str, Any]) -> str:
    """The design tokens as CSS variables: light, dark where the system or ``data-theme`` says so."""
    light, dark = _declarations(_theme(tokens, "light")), _declarations(_theme(tokens, "dark"))
    fixed = _declarations(_sizes(tokens) | _motion(tokens["motion"]))
    still = _declarations(_motion(tokens["motion"] | tokens["motion"]["reduced"]))
    return (
        f":root{{color-scheme:light;{fixed}{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme]){{color-scheme:dark;{dark}}}}}\n"
        f':root[data-theme="dark"]{{color-scheme:dark;{dark}}}\n'
        f"@media (prefers-reduced-motion:reduce){{:root{{{still}}}}}\n"
    )


def _theme(tokens: dict[str, Any], theme: str) -> dict[str, str]:
    variables: dict[str, str] = dict(tokens["color"][theme])
    for index, avatar in enumerate(tokens["avatar"][theme]):
        variables |= {f"avatar-{index}-fill": avatar["fill"], f"avatar-{index}-ink": avatar["ink"]}
    for name, shadow in tokens["shadow"][theme].items():
        variables[f"shadow-{name}"] = f"{shadow['x']}px {shadow['y']}px {shadow['blur']}px {shadow['color']}"
    return variables


def _sizes(tokens: dict[str, Any]) -> dict[str, str]:
    fonts = {f"font-{name}": _font_stack(tokens["font"][name] + tokens["font"]["emoji"]) for name in ("sans", "mono")}
    spaces = {f"space-{step}": f"{size}px" for step, size in tokens["space"].items()}
    radii = {f"radius-{name}": f"{size}px" for name, size in tokens["radius"].items()}
    return fonts | spaces | radii


def _motion(motion: dict[str, Any]) -> dict[str, str]:
    times = {f"motion-{name}": f"{motion[name]}ms" for name in ("quick", "base", "sheet")}
    return times | {"easing": motion["easing"]["css"]}


def _font_stack(names: list[str]) -> str:
    generic = ("sans-serif", "monospace")
    ordered = [name for name in names if name not in generic] + [name for name in names if name in generic]
    return ",".join(name if name in generic else f'"{name}"' for name in ordered)


def _declarations(variables: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in variables.items())


def _static_file(suffix: str, body: bytes) -> StaticFile:
    content_type = _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    return StaticFile(content_type, body, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
