"""The files that a page names are those that a browser loads with it."""

from chatdesk.doctor.page_files import PageFile, files_in, files_in_page
from chatdesk.server.http.static_files import page_files

PAGE = """<!doctype html><head><link rel="icon" href="icon.svg"><link rel=stylesheet href="css/a.css">
<link rel="modulepreload" href="js/b.js"><link rel="canonical" href="/elsewhere"><script src="https://cdn.example/x.js">
</script><script src="/c.js" crossorigin></script><script defer src="d.js"></script><script>inline()</script>
<script type="module" src="js/main.js"></script></head><body><img src="data:image/png;base64,AA"><img src="e.png">"""
HERE = "http://chat.example/club/"


def test_what_counts_is_what_comes_from_the_same_host_each_once() -> None:
    assert files_in_page(PAGE + PAGE, HERE) == [
        PageFile(f"{HERE}icon.svg"),
        PageFile(f"{HERE}css/a.css", "style"),
        PageFile(f"{HERE}js/b.js", "script", module=True, with_origin=True),
        PageFile("http://chat.example/c.js", "script", with_origin=True),
        PageFile(f"{HERE}d.js", "script"),
        PageFile(f"{HERE}js/main.js", "script", module=True, with_origin=True),
        PageFile(f"{HERE}e.png"),
    ]


def test_modules_name_others_and_style_sheets_too() -> None:
    module = PageFile(f"{HERE}js/main.js", "script", module=True, with_origin=True)
    text = """import { a } from "./a.js";
        import b from
          "../b.js";import "./c.js"
        export * from './d.js';
        call("./no.js")"""
    assert [it.url.removeprefix(HERE) for it in files_in(text, module)] == ["js/a.js", "b.js", "js/c.js", "js/d.js"]
    assert all(it.module and it.with_origin for it in files_in(text, module))
    assert files_in(text, PageFile(module.url, "script")) == []
    sheet = PageFile(f"{HERE}css/a.css", "style")
    styles = """@import "b.css";@import url(c.css);
        p{background:url("../d.png")}@font-face{src:url(e.woff2)}i{x:url(data:,)}"""
    assert files_in(styles, sheet) == [
        PageFile(f"{HERE}css/b.css", "style"),
        PageFile(f"{HERE}css/c.css", "style"),
        PageFile(f"{HERE}d.png"),
        PageFile(f"{HERE}css/e.woff2", with_origin=True),
    ]


def test_of_the_real_page_everything_is_found() -> None:
    files = page_files()
    named = files_in_page(files["/"].body.decode(), "http://10.0.0.1:8080/")
    assert {it.url.removeprefix("http://10.0.0.1:8080") for it in named} <= set(files)
    assert {it.kind for it in named} == {"", "script", "style"}
    sources = files_in(files["/js/main.js"].body.decode(), PageFile("http://h/js/main.js", "script", module=True))
    assert len(sources) > 5
    assert {it.url.removeprefix("http://h") for it in sources} <= set(files)
