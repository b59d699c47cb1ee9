#!/bin/bash
# While a modal <dialog> is open, a live region outside of it does not exist for screen readers in Chromium: what a page
# writes into role="status" then is never said, and nothing of it is made up for when the dialog closes. axe-core, with
# all of its rules on, experimental ones too, finds nothing wrong with such a page and is not unsure of anything either.
#
# HTML says that showModal() makes the rest of the document inert; WAI-ARIA says that live regions are updated "when user
# focus may be elsewhere", and its aria-modal leaves them in the tree: in Chromium a div with role="dialog" and
# aria-modal="true" does not silence the region, and neither does dialog.show().
# One would have guessed that a status is told whatever is open, as with the ARIA pattern that <dialog> replaces, or else
# that axe-core tells of a region that can never be heard.
# The way out shown here: move the region into the dialog for as long as it is open.
# Seen with Chromium 156 of Debian 12, Playwright 1.55.0 and axe-core 4.14.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dpkg-query -W -f '${Package} ${Version}\n' chromium
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check playwright==1.55.0
npm install --silent --no-audit --no-fund axe-core@4.14.1
cat > look.py <<'PYTHON'
from pathlib import Path

from playwright.sync_api import sync_playwright

PAGE = """<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1><p role="status"></p></main>
<dialog aria-label="A sheet"><h2>A sheet</h2><button>Close</button></dialog>
<div id="aria" role="dialog" aria-modal="true" aria-label="Another" hidden><button>Close</button></div></html>"""
ALL = "{ rules: Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }])) }"

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    page = browser.new_page()
    page.set_content(PAGE)
    page.evaluate(Path("node_modules/axe-core/axe.min.js").read_text() + "; 0")
    devtools = page.context.new_cdp_session(page)

    def heard(step):
        """Whether the words that the region gets now are in the tree that screen readers are given."""
        page.evaluate("step => { document.querySelector('[role=status]').textContent = step }", step)
        nodes = devtools.send("Accessibility.getFullAXTree")["nodes"]
        there = any(node.get("name", {}).get("value") == step for node in nodes if not node.get("ignored"))
        print(f"{step}: {'there' if there else 'gone'}")
        return there

    assert heard("nothing open")
    page.evaluate("document.querySelector('#aria').hidden = false")
    assert heard("aria-modal")
    page.evaluate("document.querySelector('#aria').remove()")
    page.evaluate("document.querySelector('dialog').show()")
    assert heard("dialog.show()")
    page.evaluate("document.querySelector('dialog').close()")
    page.evaluate("document.querySelector('dialog').showModal()")
    assert not heard("dialog.showModal()")
    result = page.evaluate(f"axe.run(document, {ALL})")
    for kind in ("violations", "incomplete"):
        named = [rule["id"] for rule in result[kind]]
        print(f"axe-core {result['testEngine']['version']}, {len(result['passes'])} rules passed, {kind}: {named}")
        assert named == []
    page.evaluate("document.querySelector('dialog').append(document.querySelector('[role=status]'))")
    assert heard("moved into the dialog")
    browser.close()
PYTHON
venv/bin/python look.py
