"""Scripts and styles use nothing that Safari 15.4, Firefox 102 or Chrome 99 lacks, unless they do without it."""

import json
import subprocess
from pathlib import Path

import pytest

from chatdesk.export.stylesheet import stylesheet
from chatdesk.server.http.static_files import page_files
from tests.e2e.wscat import NODE_MODULES

PROGRAM = Path(__file__).with_name("compatibility.mjs")
SAFARI, FIREFOX, CHROME = "Safari 15.4", "Firefox 102", "Chrome 99"

TOO_YOUNG = {
    "AbortSignal.timeout(5)": f"timeout is missing in {SAFARI}, {CHROME}",
    "const {timeout} = AbortSignal": f"timeout is missing in {SAFARI}, {CHROME}",
    "[1].findLast(Boolean)": f"findLast is missing in {FIREFOX}",
    "Object.groupBy([], String)": f"groupBy is missing in {SAFARI}, {FIREFOX}, {CHROME}",
    "new Intl.Segmenter()": f"Segmenter is missing in {FIREFOX}",
    "crypto.randomUUID()": "randomUUID is missing in pages over plain HTTP",
    "requestIdleCallback(String)": f"requestIdleCallback is missing in {SAFARI}",
    "document.body.inert = true": f"inert is missing in {SAFARI}, {FIREFOX}, {CHROME}",
    "document.addEventListener('scrollend', String)": f"scrollend is missing in {SAFARI}, {FIREFOX}, {CHROME}",
    "/(?<=a)b/u.test('')": f"lookbehind is missing in {SAFARI}",
    "/[a--b]/v.test('')": "syntax (Invalid regular expression flag",
    "class It { static {} }": f"static block is missing in {SAFARI}",
    "import it from './it.json' with {type: 'json'}": "syntax (",
}
TOO_YOUNG_STYLES = {
    "a { color: light-dark(red, blue) }": f"color: light-dark is missing in {SAFARI}, {FIREFOX}, {CHROME}",
    "a { color: red; color: light-dark(var(--b), blue) }": f"color: light-dark is missing in {SAFARI}",
    "a { --b: color-mix(in srgb, red, blue) }": f"--b: color-mix is missing in {SAFARI}, {FIREFOX}, {CHROME}",
    "a { height: 3lh }": f"height: lh is missing in {SAFARI}, {FIREFOX}, {CHROME}",
    "a { height: 3dvh }": f"height: dvh is missing in {CHROME}",
    "a { text-wrap: balance }": f"text-wrap is missing in {SAFARI}, {FIREFOX}, {CHROME}",
    "a { overflow: clip }": f"overflow: clip is missing in {SAFARI}",
    "a:has(b) { color: red }": f":has is missing in {FIREFOX}, {CHROME}",
    "a { &:hover { color: red } }": "is missing in",
    "@container (width > 1px) { a { color: red } }": f"@container is missing in {SAFARI}, {FIREFOX}, {CHROME}",
    "@media (width > 1px) { a { color: red } }": f"a range is missing in {SAFARI}",
}
FINE_STYLES = """
a { color: red; color: light-dark(red, blue); -webkit-user-select: none; user-select: none; inset: 0; gap: 1px }
@supports (height: 1lh) { a { height: calc(1lh + var(--b)) } }
@media (max-width: 719.98px) and (hover: hover) { a:focus-visible { color: var(--c) } }
"""
FINE_SCRIPT = "navigator.vibrate?.(1); [1].at(-1); structuredClone(1); class It { #a = 1; has(it) { return #a in it } }"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the program finds in all that the host serves for the page, in the exports, and in the samples."""
    folder = tmp_path_factory.mktemp("page")
    for path, file in page_files().items():
        if path != "/" and not file.gzipped:  # bundles are made of the other files
            _write(folder / path.removeprefix("/"), file.body)
    _write(folder / "export.css", stylesheet().encode())
    for ending, samples in (("js", [*TOO_YOUNG, FINE_SCRIPT]), ("css", [*TOO_YOUNG_STYLES, FINE_STYLES])):
        for number, sample in enumerate(samples):
            _write(folder / "samples" / f"{number}.{ending}", sample.encode())
    command = ["node", str(PROGRAM), str(NODE_MODULES), str(folder)]
    lines: list[str] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return lines


def _write(place: Path, body: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(body)


@pytest.mark.slow
def test_the_page_and_the_exports_use_nothing_that_supported_browsers_lack(found: list[str]) -> None:
    assert [line for line in found if not line.startswith("samples/")] == []


@pytest.mark.slow
def test_features_that_are_too_new_are_found_and_nothing_else(found: list[str]) -> None:
    for ending, samples in (("js", TOO_YOUNG), ("css", TOO_YOUNG_STYLES)):
        for number, (sample, wanted) in enumerate(samples.items()):
            of_it = [line for line in found if line.startswith(f"samples/{number}.{ending}:")]
            assert [line for line in of_it if wanted in line], (sample, of_it)
        fine = f"samples/{len(samples)}.{ending}:"
        assert [line for line in found if line.startswith(fine)] == []
