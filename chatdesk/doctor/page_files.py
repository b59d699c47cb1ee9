"""Finds the files that a page names and that a browser loads with it. Pure.

It is made for the chat's page, not for all pages.
"""

import re
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

_IMPORT = re.compile(r"""(?:^|[;}\n])\s*(?:import|export)\s*(?:[^'"();]*?\bfrom\s*)?(["'])([^"'\n]+)\1""")
_IN_STYLES = re.compile(r"""@import\s*(?:url\(\s*)?["']?([^"'()\s;]+)|url\(\s*["']?([^"'()\s]+)""")
_FONT = re.compile(r"\.(?:woff2?|ttf|otf)$")
_LINKS = frozenset({"stylesheet", "icon", "modulepreload", "preload", "manifest"})


class PageFile(NamedTuple):
    """A file by its URL. ``kind`` is the type that it needs: script, style, or empty for any.

    ``module``: a script whose imports are loaded, too. ``with_origin``: browsers send the Origin header.
    """

    url: str
    kind: str = ""
    module: bool = False
    with_origin: bool = False


class _Page(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._base = url
        self.files: list[PageFile] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = {name: value or "" for name, value in attrs}
        is_cross_origin = "crossorigin" in fields
        if tag == "base" and fields.get("href"):
            self._base = resolve_url(self._base, fields["href"])
        elif tag == "script" and fields.get("src"):
            module = fields.get("type") == "module"
            self._add(fields["src"], "script", module=module, with_origin=module or is_cross_origin)
        elif tag == "link" and fields.get("href") and (kinds := _LINKS & set(fields.get("rel", "").split())):
            module = "modulepreload" in kinds
            kind = "script" if module else "style" if "stylesheet" in kinds else ""
            self._add(fields["href"], kind, module=module, with_origin=module or is_cross_origin)
        elif tag == "img" and fields.get("src"):
            self._add(fields["src"], "", with_origin=is_cross_origin)

    def _add(self, reference: str, kind: str, *, module: bool = False, with_origin: bool = False) -> None:
        self.files.append(PageFile(resolve_url(self._base, reference), kind, module, with_origin))


def files_in_page(html: str, url: str) -> list[PageFile]:
    """Return the files of the same host that the page at ``url`` names."""
    page = _Page(url)
    page.feed(html)
    return _own(page.files, url)


def files_in(text: str, file: PageFile) -> list[PageFile]:
    """Return the files that a module or a style sheet names."""
    if file.module:
        references = [reference for _, reference in _IMPORT.findall(text) if reference.startswith((".", "/"))]
        return _own(
            [PageFile(resolve_url(file.url, reference), "script", True, True) for reference in references], file.url
        )
    if file.kind != "style":
        return []
    sheets = [PageFile(resolve_url(file.url, sheet), "style") for sheet, _ in _IN_STYLES.findall(text) if sheet]
    references = [reference for _, reference in _IN_STYLES.findall(text) if reference]
    others = [
        PageFile(resolve_url(file.url, reference), with_origin=bool(_FONT.search(reference)))
        for reference in references
    ]
    return _own([*sheets, *others], file.url)


def resolve_url(base: str, reference: str) -> str:
    """Return the URL that ``reference`` means on a page at ``base``; empty if it is none."""
    try:
        url = urljoin(base, reference)
        return url if urlsplit(url).port != 0 else ""
    except ValueError:
        return ""


def _own(files: list[PageFile], url: str) -> list[PageFile]:
    """Each file once, of those from the same host: only these are the chat's."""
    here = urlsplit(url)
    own = [it for it in files if urlsplit(it.url)[:2] == (here.scheme, here.netloc)]
    return list({it.url: it for it in own}.values())
