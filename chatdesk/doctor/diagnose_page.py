"""Draws conclusions from loading a chat's page as a browser does. Pure."""

from chatdesk.doctor import remedies
from chatdesk.doctor.observations import PageLoad, WebSocketOutcome
from chatdesk.doctor.phrases import join_words
from chatdesk.doctor.report import Finding, Verdict, fault

TITLE = "The page"
_NAMED = 3
"""How many missing files are named: a sentence with more of them is not read."""


def check(page_load: PageLoad | None) -> Finding:
    """Check whether the page opens in browsers."""
    if page_load is None:
        return _finding(Verdict.UNKNOWN, "Whether it opens in browsers is not known, because no chat has answered.")
    if page_load.missing:
        return _finding(Verdict.PROBLEM, f"{_lost(page_load)}: {_names(page_load)}.")
    files = (
        "It arrives as browsers ask for it" if page_load.files == 1 else f"All of its {page_load.files} files arrive"
    )
    match page_load.socket:
        case WebSocketOutcome.OPEN:
            return _finding(Verdict.OK, f"{files}, and its WebSocket opens.")
        case WebSocketOutcome.FULL:
            return _finding(Verdict.WARNING, f"{files}, but nobody more is let in just now: the chat is full.")
        case WebSocketOutcome.REFUSED:
            return _finding(Verdict.PROBLEM, f"{files}, but its WebSocket is refused.")
        case WebSocketOutcome.BLOCKED:
            return _finding(Verdict.PROBLEM, f"{files}, but no WebSocket comes through.")


def diagnose(page_load: PageLoad | None, url: str) -> Finding | None:
    """Return what keeps browsers out at ``url``, the address that people open; None if nothing does."""
    if page_load is None:
        return None
    if page_load.missing:
        empty = "no page" if page_load.files == 1 else "an empty page, or a part of it"
        sentence = f"The chat answers at {url}, but browsers show {empty}: {_names(page_load)}."
        refused = any(missing.refused for missing in page_load.missing)
        return fault(
            "page", sentence, *(remedies.set_public_url(url) if refused else remedies.forward_through_proxy(url))
        )
    if page_load.socket is WebSocketOutcome.REFUSED:
        sentence = f"The page opens at {url}, but its WebSocket is refused: to the chat that address is another's."
        return fault("origin", sentence, *remedies.set_public_url(url))
    if page_load.socket is WebSocketOutcome.BLOCKED:
        sentence = f"The page opens at {url}, but no WebSocket comes through to the chat, so that nobody gets in."
        return fault("websocket", sentence, *remedies.forward_through_proxy(url))
    return None


def _lost(page_load: PageLoad) -> str:
    if page_load.files == 1:
        return "It does not arrive"
    one = len(page_load.missing) == 1
    return f"{len(page_load.missing)} of its {page_load.files} files {'does' if one else 'do'} not arrive"


def _names(page_load: PageLoad) -> str:
    named = [f"{missing.path} ({missing.why})" for missing in page_load.missing[:_NAMED]]
    others = len(page_load.missing) - len(named)
    return join_words([*named, f"{others} more"] if others else named)


def _finding(verdict: Verdict, sentence: str) -> Finding:
    return Finding("page", TITLE, verdict, sentence)
