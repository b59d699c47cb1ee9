"""The limit of open files."""

import resource

import pytest

from chatdesk.file_limit import raise_file_limit


def test_more_files_are_allowed_where_connections_need_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _which, limits: asked.append(limits))
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (1024, 4096))
    for connections in (100, 1000, 100_000):
        raise_file_limit(connections)
    assert asked == [(1512, 4096), (4096, 4096)]
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (1024, resource.RLIM_INFINITY))
    raise_file_limit(100_000)
    assert asked[-1] == (100_512, resource.RLIM_INFINITY)
