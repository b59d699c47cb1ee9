"""Asks for a token when a chat has ended, or has not begun, for want of a valid one. Imports no Qt."""

from collections.abc import Awaitable, Callable

from chatdesk.client.changes import Ended
from chatdesk.client.state import ChatState

AskForToken = Callable[[str, bool], Awaitable[str]]
"""Asks the person for a token, or if True for a password, saying why; empty if there is none."""


async def no_token(_why: str, _password: bool) -> str:
    """Nobody is there to be asked."""
    return ""


async def take_token(state: ChatState, ask: AskForToken) -> bool:
    """Ask for a token or a password if the host wants one; return whether there is another one to join with."""
    if not isinstance(state.status, Ended) or not (state.status.token_needed or state.status.password_needed):
        return False
    if state.status.password_needed:
        state.sign_in.password = await ask(state.status.sentence, True)
        return bool(state.sign_in.password)
    token = await ask(state.status.sentence, False)
    state.sign_in.token = token or state.sign_in.token
    return bool(token)
