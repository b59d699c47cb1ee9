"""The token of a handshake: ``Authorization: Bearer`` (RFC 6750, section 2.1), and how a wrong one is refused."""

import asyncio
from http import HTTPStatus

from chatdesk.server.auth import BadTokenError, Principal, Role, Scope
from chatdesk.server.http.request import Request
from chatdesk.server.http.response import Response, text_response
from chatdesk.server.recognition import Recognition

_SCHEME = "bearer"
_SEVERAL = "Send one Authorization field, with one token."
_UNKNOWN = "This token was not issued for this chat."


class HandshakeSignIn:
    """Signs people in before their WebSocket opens. In a chat without sign-in, nothing in the field counts."""

    def __init__(self, recognition: Recognition) -> None:
        self._recognition = recognition

    def fetching_keys(self, request: Request) -> asyncio.Future[None] | None:
        """What to wait for before ``sign_in``; see ``TokenSignIn``."""
        tokens, values = self._recognition.tokens, bearer_tokens(request)
        return tokens.fetching_keys(values[0]) if tokens and len(values) == 1 else None

    def brings_place(self, request: Request) -> bool:
        """Whether it is a command on the host's machine, which gets a place in a full chat, too."""
        return self._recognition.brings_place(bearer_tokens(request))

    def sign_in(self, request: Request) -> Principal | Response | None:
        """Whom the token of a handshake proves, or the response that refuses it; None for a handshake without one."""
        tokens, values = self._recognition.tokens, bearer_tokens(request)
        if not tokens or not values or self.brings_place(request):
            return None
        if len(values) > 1:
            return _refusal(_SEVERAL)
        try:
            principal = self._recognition.principal(values[0])
        except BadTokenError as error:
            return _refusal(str(error))
        if principal is None or principal.scope is not Scope.CHAT:
            return _refusal(_UNKNOWN)
        opens = principal.grant or principal.role is Role.HOST or not tokens.required
        return principal if opens else _refusal(_UNKNOWN)


def bearer_tokens(request: Request) -> list[str]:
    """The tokens of a request. Fields with other schemes are a proxy's."""
    fields = (field.partition(" ") for field in request.values("authorization"))
    return [token.strip() for scheme, _, token in fields if scheme.lower() == _SCHEME]


def _refusal(sentence: str) -> Response:
    """The sentence is ASCII without quotation marks, as the field asks (RFC 6750, section 3)."""
    challenge = f'Bearer realm="ChatDesk", error="invalid_token", error_description="{sentence}"'
    return text_response(HTTPStatus.UNAUTHORIZED, sentence, ("WWW-Authenticate", challenge))
