"""The paths of the server, and the header fields of their responses."""

import gzip
import json
from http import HTTPStatus
from typing import Any

import pytest

from chatdesk.protocol import emoji
from chatdesk.server.http.reachability_endpoints import ReachabilityEndpoints
from chatdesk.server.http.response import Response
from chatdesk.server.http.routes import Routes
from chatdesk.server.http.static_files import StaticFile
from chatdesk.server.reachability import ReachabilityProbe

FILES = {
    "/": StaticFile("text/html; charset=utf-8", b"page", '"one"'),
    "/js/chat.js": StaticFile("text/javascript; charset=utf-8", b"code", '"two"'),
    "/page.js": StaticFile("text/javascript; charset=utf-8", b"all the code", '"three"', b"packed"),
}
ENDPOINTS = ReachabilityEndpoints(None, ReachabilityProbe(tuple, tuple), lambda: 8080, lambda _token: False)


class Reports:
    """What the endpoints tell, in short."""

    def about(self) -> dict[str, Any]:
        return {"name": "Robotics"}

    def health(self) -> tuple[HTTPStatus, dict[str, Any]]:
        return HTTPStatus.OK, {"status": "ok"}

    def ready(self) -> tuple[HTTPStatus, dict[str, Any]]:
        return HTTPStatus.OK, {"status": "ready"}

    def stats(self) -> dict[str, Any]:
        return {"users": 3}


ROUTES = Routes(FILES, Reports(), ENDPOINTS)


def fields(response: Response) -> dict[str, str]:
    assert len({name.lower() for name, _ in response.all_headers()}) == len(response.all_headers())
    return dict(response.all_headers())


def test_a_file_comes_with_its_type_length_and_tag_and_is_asked_for_again_each_time() -> None:
    response = ROUTES.respond("GET", "/js/chat.js?v=1")
    assert (response.status, response.body) == (200, b"code")
    headers = fields(response)
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert (headers["Content-Length"], headers["ETag"], headers["Cache-Control"]) == ("4", '"two"', "no-cache")


@pytest.mark.parametrize("tags", ['"one"', 'W/"one"', '"zero", "one"'])
def test_a_browser_that_has_the_file_does_not_get_it_again(tags: str) -> None:
    response = ROUTES.respond("GET", "/", tags)
    assert (response.status, response.body) == (304, b"")
    assert "Content-Length" not in fields(response)
    assert fields(response)["ETag"] == '"one"'


def test_another_tag_gets_the_file() -> None:
    assert ROUTES.respond("GET", "/", '"two"').status == 200


@pytest.mark.parametrize("encodings", ["gzip", "br, GZIP ;q=0.5", "deflate, gzip, br"])
def test_a_browser_that_accepts_gzip_gets_it_under_another_tag(encodings: str) -> None:
    response = ROUTES.respond("GET", "/page.js", encodings=encodings)
    headers = fields(response)
    assert (response.body, headers["Content-Length"], headers["Content-Encoding"]) == (b"packed", "6", "gzip")
    assert (headers["ETag"], headers["Vary"]) == ('"three-gzip"', "Accept-Encoding")
    assert ROUTES.respond("GET", "/page.js", '"three-gzip"', encodings=encodings).status == 304
    assert ROUTES.respond("GET", "/page.js", '"three"', encodings=encodings).status == 200


def test_the_page_gets_the_emoji_that_the_window_has_and_only_once() -> None:
    response = ROUTES.respond("GET", "/emoji.json", encodings="gzip")
    assert fields(response)["Content-Type"] == "application/json"
    assert gzip.decompress(response.body) == emoji.as_json()
    assert len(response.body) < 64 * 1024
    assert ROUTES.respond("GET", "/emoji.json", fields(response)["ETag"], encodings="gzip").status == 304


@pytest.mark.parametrize("encodings", ["", "identity", "br", "gzip;q=0", "gzip; q=0.000", "xgzip"])
def test_a_client_that_does_not_accept_gzip_gets_the_file_as_it_is(encodings: str) -> None:
    response = ROUTES.respond("GET", "/page.js", encodings=encodings)
    assert response.body == b"all the code"
    assert "Content-Encoding" not in fields(response)
    assert fields(response)["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in fields(ROUTES.respond("GET", "/js/chat.js", encodings="gzip"))


@pytest.mark.parametrize("target", ["/about", "/health", "/ready", "/stats", "/health?x=1"])
def test_the_json_endpoints_are_never_kept(target: str) -> None:
    response = ROUTES.respond("HEAD", target)
    assert response.status == 200
    assert fields(response)["Cache-Control"] == "no-store"
    assert fields(response)["Content-Type"] == "application/json"
    assert json.loads(response.body) in ({"status": "ok"}, {"status": "ready"}, {"users": 3}, {"name": "Robotics"})


@pytest.mark.parametrize(
    "target",
    [
        "/nothing",
        "//",
        "/../etc/passwd",
        "/%2e%2e/etc/passwd",
        "/..\\..\\secrets",
        "/js/../index.html",
        "/js/",
        "/js/chat.js%00",
        "/C:/windows/win.ini",
        "/\\",
        "http://evil.example/",
        "*",
        "/HEALTH",
        "/health/",
        "/#",
    ],
)
def test_what_is_not_in_the_list_does_not_exist(target: str) -> None:
    assert ROUTES.respond("GET", target).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get"])
def test_only_get_and_head_work(method: str) -> None:
    response = ROUTES.respond(method, "/")
    assert response.status == 405
    assert fields(response)["Allow"] == "GET, HEAD"
    assert ROUTES.respond(method, "/nothing").status == 404


def test_a_plain_request_for_the_websocket_says_what_it_is() -> None:
    response = ROUTES.respond("GET", "/ws")
    assert response.status == 426
    assert fields(response)["Upgrade"] == "websocket"


@pytest.mark.parametrize("target", ["/", "/health", "/stats", "/nothing", "/ws"])
def test_every_answer_forbids_what_a_page_could_be_made_to_do(target: str) -> None:
    headers = fields(ROUTES.respond("GET", target))
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
