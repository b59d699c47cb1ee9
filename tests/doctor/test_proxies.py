"""Which proxy browsers here go through, as the environment says."""

import pytest

from chatdesk.doctor.proxies import excepted, proxy_for


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://proxy.lab:3128", "the proxy proxy.lab:3128"),
        ("proxy.lab:3128", "the proxy proxy.lab:3128"),
        ("http://proxy.lab", "the proxy proxy.lab:80"),
        ("http://mara:secret@proxy.lab:3128/", "the proxy proxy.lab:3128"),
        ("", None),
        ("http://proxy.lab:port", None),
        ("http://", None),
    ],
)
def test_a_proxy_by_its_address(monkeypatch: pytest.MonkeyPatch, proxy: str, words: str | None) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    found = proxy_for("10.77.1.2")
    assert (str(found) if found else None) == words


@pytest.mark.parametrize(("exceptions", "through"), [("localhost,10.77.1.2", False), (".lab", True), ("*", False)])
def test_exceptions_count(monkeypatch: pytest.MonkeyPatch, exceptions: str, through: bool) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.lab:3128")
    monkeypatch.setenv("no_proxy", exceptions)
    assert bool(proxy_for("10.77.1.2")) == through
    assert excepted() == exceptions
