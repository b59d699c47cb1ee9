"""``POST /hooks/SECRET``: what programs post that know Slack's or Discord's incoming webhooks."""

from collections.abc import Callable
from http import HTTPStatus
from math import ceil

import msgspec

from chatdesk.log.hook_file import Hook
from chatdesk.log.room_log import LogError
from chatdesk.protocol.errors import ErrorCode
from chatdesk.server.hooks import Hooks, Outcome
from chatdesk.server.http.request import Request
from chatdesk.server.http.response import Response, text_response

PREFIX = "/hooks/"
BODY_BYTES = 64 * 1024
"""As long as a message over the WebSocket may be."""
_RETRY_SECONDS = 5
"""When to try again while the log cannot store: a full disk seldom has room earlier."""
_NO_JSON = 'Post JSON with the words in "text", such as {"text": "Build 12 failed"}.'
_STATUS = {
    ErrorCode.RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorCode.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ErrorCode.MUTED: HTTPStatus.FORBIDDEN,
    ErrorCode.BANNED: HTTPStatus.FORBIDDEN,
    ErrorCode.REMOVED: HTTPStatus.FORBIDDEN,
}


class Post(msgspec.Struct, frozen=True):
    """What a program posts: ``text`` as for Slack, or ``content`` as for Discord. Other fields are ignored."""

    text: str | None = None
    content: str | None = None
    username: str | None = None


_decoder = msgspec.json.Decoder(Post)


class HookEndpoint:
    """``find`` returns the hook of a secret."""

    def __init__(self, find: Callable[[str], Hook | None], hooks: Hooks) -> None:
        self._find = find
        self._hooks = hooks

    @staticmethod
    def serves(request: Request) -> bool:
        """Whether the request is for a hook."""
        return request.method == "POST" and request.target.startswith(PREFIX)

    def hook(self, request: Request) -> Hook | None:
        """The hook that the request is for; None if nobody has made it."""
        return self._find(request.path.removeprefix(PREFIX))

    def refuse(self, request: Request) -> Response | None:
        """The response to a request that is refused by its head; None for one whose body may come."""
        if self.hook(request) is None:
            return text_response(HTTPStatus.NOT_FOUND, "There is no such hook.")
        lengths = request.values("content-length")
        if request.values("transfer-encoding") or not lengths:
            return text_response(HTTPStatus.LENGTH_REQUIRED, "Say in Content-Length how long the JSON is.")
        if len(lengths[0]) > len(str(BODY_BYTES)) or int(lengths[0]) > BODY_BYTES:
            return text_response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {BODY_BYTES} bytes can be posted.")
        return None

    def post(self, hook: Hook, body: bytes, answer: Callable[[Response], None]) -> None:
        """Say what was posted. ``answer`` gets the response once the message is stored, or refused."""
        try:
            post = _decoder.decode(body)
        except (ValueError, RecursionError):
            return answer(text_response(HTTPStatus.BAD_REQUEST, _NO_JSON))
        words = post.text if post.text is not None else post.content
        if words is None:
            return answer(text_response(HTTPStatus.BAD_REQUEST, _NO_JSON))
        return self._hooks.post(hook, post.username or "", words, lambda outcome: answer(_response(outcome)))


def _response(outcome: Outcome) -> Response:
    if outcome is None:
        return text_response(HTTPStatus.OK, "ok")
    if isinstance(outcome, LogError):
        retry = ("Retry-After", str(_RETRY_SECONDS))
        return text_response(HTTPStatus.SERVICE_UNAVAILABLE, outcome.problem.sentence, retry)
    later = (("Retry-After", str(ceil(outcome.retry_after))),) if outcome.retry_after else ()
    return text_response(_STATUS.get(outcome.code, HTTPStatus.BAD_REQUEST), outcome.content, *later)
