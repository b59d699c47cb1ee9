"""Accessibility checks of a page: the rules of axe-core, names in the browser's accessibility tree, and contrast."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

from playwright.sync_api import Page

from tests.e2e.contrast import CONTRAST
from tests.e2e.wscat import NODE_MODULES

Node = dict[str, Any]

_CONTROLS = {
    *("button", "textbox", "searchbox", "combobox", "listbox", "option", "link", "DisclosureTriangle", "image"),
    *("dialog", "log", "navigation", "region", "grid", "gridcell", "columnheader", "heading", "checkbox"),
}
_OPEN_DIALOG = "dialog:modal"
_CHECK = """([part, options]) =>
    axe.run([...document.querySelectorAll(part)].at(-1) ?? document, { resultTypes: ['violations'], ...options })"""
_RULES = {"rules": {"target-size": {"enabled": True}}}
_THEMES: tuple[tuple[Literal["light", "dark"], Literal["no-preference", "more"]], ...] = (
    ("dark", "no-preference"),
    ("dark", "more"),
    ("light", "no-preference"),
)


def faults(page: Page, part: str = _OPEN_DIALOG) -> list[str]:
    """Return the faults of the page in its current state, one line each, in light, dark and high contrast.

    ``part`` selects what is new in this state: by default the open dialog, since what is behind it is inert, or else
    all of the page. The themes differ only in colours, so contrast is looked at in each of them, all else in light.
    """
    found = [f"without a name: {node['role']['value']} {node.get('backendDOMNodeId')}" for node in unnamed(page)]
    for scheme, contrast in _THEMES:
        page.emulate_media(color_scheme=scheme, contrast=contrast, reduced_motion="reduce")
        seen = page.evaluate(CONTRAST)
        assert seen["count"], "there is no text"
        found += [f"{scheme}, {contrast}: {text}" for text in seen["weak"]]
    return [*found, *violations(page, part)]


def violations(page: Page, part: str = _OPEN_DIALOG) -> Iterator[str]:
    """Return the violations of axe-core's rules in a part of the page."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(f"{_axe()}; 0")  # as developer tools do, since the page's policy allows no further script element
    result = page.evaluate(_CHECK, [part, _RULES])
    assert result["passes"], "axe has looked at nothing"
    for rule in result["violations"]:
        for node in rule["nodes"]:
            yield f"{rule['id']} {node['target']} {node['failureSummary']}"


@cache
def _axe() -> str:
    return (NODE_MODULES / "axe-core" / "axe.min.js").read_text("utf-8")


def tree(page: Page) -> list[Node]:
    """Return the accessibility tree that the browser gives to screen readers, without ignored nodes."""
    devtools = page.context.new_cdp_session(page)
    nodes: list[Node] = devtools.send("Accessibility.getFullAXTree")["nodes"]
    devtools.detach()
    return [node for node in nodes if not node.get("ignored")]


def unnamed(page: Page) -> list[Node]:
    """Return the controls and regions that have no name."""
    controls = [node for node in tree(page) if node["role"]["value"] in _CONTROLS]
    assert controls
    return [node for node in controls if not node.get("name", {}).get("value")]
