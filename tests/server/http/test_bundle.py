"""Many sources become one script and one style sheet that do what the sources do."""

import subprocess

import pytest

from chatdesk.server.http.bundle import BundleError, bundle_markup, bundle_script, bundle_styles

MODULES = {
    "/js/main.js": """
import drawings from "../icons.js";
import * as all from "./shapes.js";
import { area as sizeOf, Square } from "./shapes.js";
import {
  shout,
} from "./words.js";

const own = "main";
export const said = shout(`${own} ${drawings.ball} ${all.area(2)} ${sizeOf(new Square(3).side)}`);
console.log(said);
""",
    "/js/shapes.js": """
const own = "shapes";
export class Square { constructor(side) { this.side = side; } }
export function area(side) { return side * side; }
export async function later() { return own; }
""",
    "/js/words.js": 'import { area } from "./shapes.js";\nexport const shout = (it) => `${it} ${area(4)}!`;\n',
    "/icons.js": 'export default {"ball": "O"};\n',
}


def test_modules_become_one_script_that_works_without_any_other() -> None:
    script = bundle_script(MODULES, "/js/main.js")
    run = subprocess.run(["node", "-"], input=script, stdout=subprocess.PIPE, text=True, check=True)
    assert run.stdout == "main O 4 9 16!\n"
    assert script.count("class Square") == 1


def test_it_is_strict_and_leaves_no_names_behind() -> None:
    script = bundle_script({"/a.js": "export const here = (function () { return this })();\n"}, "/a.js")
    run = subprocess.run(["node", "-p", f"{script} typeof module_a_js"], stdout=subprocess.PIPE, text=True, check=True)
    assert run.stdout == "undefined\n"
    assert '"use strict"' in script


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('import { a } from "./b.js";\n', "/a.js imports /b.js imports /a.js: modules import each other"),
        ('import { a } from "./gone.js";\n', "/gone.js is not there"),
        ("export let a = 1;\n", "/a.js: export let a = 1;"),
        ('import "./b.js";\n', '/a.js: import "./b.js";'),
        ("export * from './b.js';\n", "/a.js: export * from"),
    ],
)
def test_what_it_cannot_put_together_is_named(source: str, complaint: str) -> None:
    with pytest.raises(BundleError) as raised:
        bundle_script({"/a.js": source, "/b.js": 'import { a } from "./a.js";\n'}, "/a.js")
    assert complaint in str(raised.value)


def test_style_sheets_stand_where_they_are_imported() -> None:
    sheets = {
        "/css/all.css": '/* All. */\n@import "../tokens.css";\n@import "paper.css" print;\nb { c: d }\n',
        "/css/paper.css": "a { b: c }\n",
        "/tokens.css": ":root { --a: b }\n",
    }
    assert bundle_styles(sheets, "/css/all.css") == (
        "/* All. */\n:root { --a: b }\n\n@media print {\na { b: c }\n}\nb { c: d }\n"
    )


def test_parts_of_a_page_stand_where_they_are_included() -> None:
    parts = {
        "/index.html": "<body>\n  <!-- include parts/a.html -->\n</body>\n",
        "/parts/a.html": "<a>\n  <!-- include b.html -->\n</a>\n",
        "/parts/b.html": "<b>{b}</b>\n",
    }
    assert bundle_markup(parts, "/index.html") == "<body>\n<a>\n<b>{b}</b>\n</a>\n</body>\n"
    with pytest.raises(BundleError, match=r"/gone.html is not there"):
        bundle_markup({"/index.html": "<!-- include gone.html -->\n"}, "/index.html")
