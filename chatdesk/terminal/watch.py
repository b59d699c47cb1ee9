"""Watches a chat: reads its ``/stats`` each second, and draws them in the terminal."""

from __future__ import annotations

import asyncio
import http.client
import json
import shutil
import sys
from collections import deque
from contextlib import closing
from urllib.parse import urlsplit

import msgspec

from chatdesk.client.tls import system_tls_context, trusting_context
from chatdesk.console import print_line
from chatdesk.terminal.participant import EXIT_NO_ANSWER, Target, TerminalError
from chatdesk.terminal.stats_screen import Figures, screen

_PERIOD_SECONDS = 1.0
_ANSWER_SECONDS = 5.0
_SHOWN_SECONDS = 60
"""Of the curve of messages."""
_MOST_BYTES = 64 * 1024
"""Many times what a chat tells; something else at the address may tell more."""
_HOME, _REST_OF_LINE, _REST_OF_SCREEN = "\x1b[H", "\x1b[K", "\x1b[J"
_CLEAR, _HIDE_CURSOR, _SHOW_CURSOR = "\x1b[2J", "\x1b[?25l", "\x1b[?25h"
_SILENT = "The chat does not answer: see whether it is open there."
_WHERE = " Name its address with --address; chatdesk hosts lists the chats around."


async def watch(target: Target, *, as_json: bool) -> None:
    """Show the figures until the reader goes away, or the task is cancelled; once where no terminal does.

    Raises TerminalError where no chat answers at the beginning.
    """
    figures, raw = await _ask(target)
    if as_json:
        while print_line(json.dumps(json.loads(raw))):  # on one line, in ASCII: a terminal obeys other characters
            await asyncio.sleep(_PERIOD_SECONDS)
            _, raw = await _ask(target)
    elif sys.stdout is None or not sys.stdout.isatty():
        print_line("\n".join(screen(figures, figures, 0.0, [figures.messages_per_second])))
    else:
        await _draw(target, figures)


async def _draw(target: Target, figures: Figures) -> None:
    """Draw over and over at the same place. A host that does not answer for a while is waited for."""
    rates = deque[float](maxlen=_SHOWN_SECONDS)
    before, lost = figures, ""
    print_line(f"{_CLEAR}{_HIDE_CURSOR}{_HOME}")
    try:
        while True:
            seconds = figures.uptime_seconds - before.uptime_seconds
            rates.append((figures.messages_total - before.messages_total) / seconds if seconds > 0 else 0.0)
            width = shutil.get_terminal_size().columns
            lines = [line[:width] for line in screen(figures, before, seconds, rates)]
            lines += ["", lost or "Ctrl-C ends this."]
            body = "\n".join(f"{line}{_REST_OF_LINE}" for line in lines)
            if not print_line(f"{_HOME}{body}{_REST_OF_SCREEN}"):
                return
            await asyncio.sleep(_PERIOD_SECONDS)
            before = figures
            try:
                (figures, _), lost = await _ask(target), ""
            except TerminalError:
                lost = "The host does not answer. This goes on when it does."
    finally:
        print_line(_SHOW_CURSOR)


async def _ask(target: Target) -> tuple[Figures, bytes]:
    """The figures now, and as they came. Raises TerminalError."""
    try:
        async with asyncio.timeout(2 * _ANSWER_SECONDS):
            return await asyncio.to_thread(_read, target)
    except (OSError, http.client.HTTPException, ValueError, RecursionError, TimeoutError):  # msgspec raises ValueErrors
        raise TerminalError(_SILENT if target.named else f"{_SILENT}{_WHERE}", EXIT_NO_ANSWER) from None


def _read(target: Target) -> tuple[Figures, bytes]:
    """Raises OSError, HTTPException, and ValueError for what is no chat's answer."""
    parts = urlsplit(target.url)
    connection: http.client.HTTPConnection
    if parts.scheme == "wss":
        context = trusting_context(target.authority) if target.authority else system_tls_context()
        connection = http.client.HTTPSConnection(parts.netloc, timeout=_ANSWER_SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=_ANSWER_SECONDS)
    with closing(connection):
        connection.request("GET", f"{parts.path.removesuffix('/ws')}/stats")
        with connection.getresponse() as answer:
            if answer.status != http.client.OK:
                raise ValueError(answer.status)
            body = answer.read(_MOST_BYTES)
    return msgspec.json.decode(body, type=Figures), body
