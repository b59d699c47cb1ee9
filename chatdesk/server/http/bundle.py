"""Bundles the page's scripts into one file, its style sheets into one, and the parts of each page's markup into one.

A browser requests six files at a time from a host, and learns what a module imports only when it has loaded it: file by
file, the page takes a dozen round trips, as one file it takes one. There is no build step; the sources stay modules.
"""

import posixpath
import re
from collections.abc import Mapping

_IMPORT = re.compile(
    r'^import (?:\{(?P<names>[^}]*)\}|\* as (?P<all>\w+)|(?P<default>\w+)) from "(?P<path>[^"]+)";$', re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_INCLUDE = re.compile(r"^ *<!-- include (?P<path>\S+) -->\n", re.MULTILINE)
_STYLE_IMPORT = re.compile(r'^@import "(?P<path>[^"]+)"(?: (?P<media>[^;]+))?;$', re.MULTILINE)


class BundleError(ValueError):
    """A source imports a file that does not exist, imports in a circle, or with syntax that is not supported here."""


def bundle_script(files: Mapping[str, str], path: str) -> str:
    """The module at ``path`` with all its imports, as one classic script. Raises BundleError.

    Classic scripts are requested without ``Origin``, so they load even behind a proxy that changes ``Host``.
    """
    done: dict[str, str] = {}
    _add_module(files, path, done, ())
    return "\n".join(["(() => {", '"use strict";', *done.values(), "})();", ""])


def bundle_styles(files: Mapping[str, str], path: str) -> str:
    """The style sheet at ``path`` with its imports inlined. Raises BundleError."""

    def inline(match: re.Match[str]) -> str:
        styles = bundle_styles(files, _resolve(path, match["path"]))
        return f"@media {match['media']} {{\n{styles}}}" if match["media"] else styles

    return _STYLE_IMPORT.sub(inline, _source(files, path))


def bundle_markup(files: Mapping[str, str], path: str) -> str:
    """The page at ``path`` with the parts that it includes in their places. Raises BundleError."""
    return _INCLUDE.sub(lambda match: bundle_markup(files, _resolve(path, match["path"])), _source(files, path))


def _add_module(files: Mapping[str, str], path: str, done: dict[str, str], within: tuple[str, ...]) -> None:
    """Add a module after its imports, as a function that is called once and returns its exports."""
    if path in within:
        raise BundleError(f"{' imports '.join((*within, path))}: modules import each other in a circle")
    if path in done:
        return
    source = _source(files, path)
    for match in _IMPORT.finditer(source):
        _add_module(files, _resolve(path, match["path"]), done, (*within, path))
    exports = _EXPORT.findall(source)
    body = _IMPORT.sub(lambda match: _as_constant(match, path), _EXPORT.sub("", source))
    body, defaults = _DEFAULT.subn("const exported = ", body)
    if left := _LEFT_OVER.search(body):
        raise BundleError(f"{path}: {left[0]}")
    names = [*exports, *(["default: exported"] if defaults else [])]
    done[path] = f"/* {path} */\nconst {_variable(path)} = (() => {{\n{body}return {{ {', '.join(names)} }};\n}})();"


def _as_constant(match: re.Match[str], path: str) -> str:
    """An import statement as an assignment from the module's exports."""
    module = _variable(_resolve(path, match["path"]))
    if match["all"]:
        return f"const {match['all']} = {module};"
    if match["default"]:
        return f"const {match['default']} = {module}.default;"
    names = re.sub(r"\s+as\s+", ": ", match["names"])
    return f"const {{{names}}} = {module};"


def _variable(path: str) -> str:
    return "module" + re.sub(r"\W", "_", path)


def _resolve(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def _source(files: Mapping[str, str], path: str) -> str:
    if path not in files:
        raise BundleError(f"{path} is not there")
    return files[path]
