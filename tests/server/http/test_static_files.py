"""The page's files are the ones in the folder."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chatdesk import __version__
from chatdesk.paths import resources
from chatdesk.server.http.static_files import load_static_files, page_files

TOKENS: dict[str, Any] = json.loads((resources() / "themes" / "tokens.json").read_text())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "web" / "js").mkdir(parents=True)
    (tmp_path / "web" / "parts").mkdir()
    (tmp_path / "web" / "index.html").write_text("<p>page\n  <!-- include parts/foot.html -->\n")
    (tmp_path / "web" / "parts" / "foot.html").write_text("<p>foot\n")
    (tmp_path / "web" / "js" / "chat.js").write_text("code")
    (tmp_path / "web" / "README.md").write_text("for developers, and not served")
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "tokens.json").write_text(json.dumps(TOKENS))
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "mark.svg").write_text("<svg/>")
    (tmp_path / "icons" / "mark-unread.svg").write_text("<svg></svg>")
    (tmp_path / "secret").write_text("secret")
    return tmp_path


def test_every_file_has_its_path_and_the_page_is_the_root(folder: Path) -> None:
    files = load_static_files(folder)
    assert set(files) == {
        "/",
        "/index.html",
        "/js/chat.js",
        "/icon.svg",
        "/icon-unread.svg",
        "/icons.js",
        "/tokens.css",
    }
    assert files["/"].body == b"<p>page\n<p>foot\n", "its parts are in it"
    assert files["/js/chat.js"].content_type == "text/javascript; charset=utf-8"


def test_a_symbolic_link_leads_nowhere(folder: Path) -> None:
    (folder / "web" / "secret").symlink_to(folder / "secret")
    (folder / "web" / "all").symlink_to(folder, target_is_directory=True)
    assert set(load_static_files(folder)) == {
        "/",
        "/index.html",
        "/js/chat.js",
        "/icon.svg",
        "/icon-unread.svg",
        "/icons.js",
        "/tokens.css",
    }


def test_a_tag_changes_with_the_content_only(folder: Path) -> None:
    before = load_static_files(folder)
    (folder / "web" / "js" / "chat.js").write_text("other code")
    after = load_static_files(folder)
    assert before["/"].etag == after["/"].etag
    assert before["/js/chat.js"].etag != after["/js/chat.js"].etag
    assert re.fullmatch(r'"[0-9a-f]{16}"', after["/"].etag)


def test_without_the_folder_there_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"tokens\.json|mark\.svg"):
        load_static_files(tmp_path)


def test_the_real_page_is_there() -> None:
    files = page_files()
    assert b"<html" in files["/"].body
    assert not any(b"<!--" in file.body for path, file in files.items() if path.endswith(("/", ".html")))
    assert files["/"].body.count(f' data-version="{__version__}">'.encode()) == 1, "behaviour 40"
    assert files["/"] == files["/index.html"]._replace(gzipped=files["/"].gzipped)
    assert b'stroke=\\"currentColor\\"' in files["/icons.js"].body
    assert files["/tokens.css"].content_type == "text/css; charset=utf-8"
