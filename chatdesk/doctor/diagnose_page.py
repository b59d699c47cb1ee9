"""From what came of opening a chat's page as a browser does to what is said of it. Pure."""

from chatdesk.doctor import remedies
from chatdesk.doctor.report import Finding, Verdict, fault
from chatdesk.doctor.seen import Browsed, Socket
from chatdesk.doctor.words import listing

TITLE = "The page"
_NAMED = 3
"""So many of the files that are missing are named."""


def judge(browsed: Browsed | None) -> Finding:
    """Does it open in browsers?"""
    if browsed is None:
        return _finding(Verdict.UNKNOWN, "Whether it opens in browsers is not known, because no chat has answered.")
    if browsed.missing:
        return _finding(Verdict.PROBLEM, f"{_lost(browsed)}: {_names(browsed)}.")
    files = "It arrives as browsers ask for it" if browsed.files == 1 else f"All of its {browsed.files} files arrive"
    match browsed.socket:
        case Socket.OPEN:
            return _finding(Verdict.OK, f"{files}, and its WebSocket opens.")
        case Socket.FULL:
            return _finding(Verdict.WARNING, f"{files}, but nobody more is let in just now: the chat is full.")
        case Socket.REFUSED:
            return _finding(Verdict.PROBLEM, f"{files}, but its WebSocket is refused.")
        case Socket.SHUT:
            return _finding(Verdict.PROBLEM, f"{files}, but no WebSocket comes through.")


def blame(browsed: Browsed | None, url: str) -> Finding | None:
    """What keeps browsers out at ``url``, the address that people open; None where nothing does."""
    if browsed is None:
        return None
    if browsed.missing:
        empty = "no page" if browsed.files == 1 else "an empty page, or a part of it"
        sentence = f"The chat answers at {url}, but browsers show {empty}: {_names(browsed)}."
        refused = any(missing.refused for missing in browsed.missing)
        return fault("page", sentence, *(remedies.name_address(url) if refused else remedies.pass_on(url)))
    if browsed.socket is Socket.REFUSED:
        sentence = f"The page opens at {url}, but its WebSocket is refused: to the chat that address is another's."
        return fault("origin", sentence, *remedies.name_address(url))
    if browsed.socket is Socket.SHUT:
        sentence = f"The page opens at {url}, but no WebSocket comes through to the chat, so that nobody gets in."
        return fault("websocket", sentence, *remedies.pass_on(url))
    return None


def _lost(browsed: Browsed) -> str:
    if browsed.files == 1:
        return "It does not arrive"
    one = len(browsed.missing) == 1
    return f"{len(browsed.missing)} of its {browsed.files} files {'does' if one else 'do'} not arrive"


def _names(browsed: Browsed) -> str:
    named = [f"{missing.path} ({missing.why})" for missing in browsed.missing[:_NAMED]]
    others = len(browsed.missing) - len(named)
    return listing([*named, f"{others} more"] if others else named)


def _finding(verdict: Verdict, sentence: str) -> Finding:
    return Finding("page", TITLE, verdict, sentence)
