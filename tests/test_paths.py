"""Where the resources are found, in the source tree and once installed, and where settings go."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatdesk import paths


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    paths.resources.cache_clear()
    yield
    paths.resources.cache_clear()


def test_in_the_source_tree_they_lie_beside_the_package() -> None:
    folder = paths.resources()
    assert folder == Path(__file__).parents[1] / "resources"
    assert (folder / "web" / "index.html").is_file()
    assert (folder / "themes" / "tokens.json").is_file()


def test_once_installed_they_lie_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(paths, "files", lambda _package: tmp_path)
    assert paths.resources() == tmp_path / "resources"


def test_settings_go_where_the_system_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert paths.settings_file() == tmp_path / "ChatDesk" / "settings.ini"
    assert not paths.settings_file().parent.exists(), "to ask makes nothing"
