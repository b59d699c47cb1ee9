"""Brings a node back whose history has gone another way than that of the others, or has missed too much of it.

It follows the whole order again. Where Redis does not keep all of that any more, another node gives a copy of its
history, which is followed from there on.
"""

from __future__ import annotations

import contextlib
import logging
from functools import partial
from pathlib import Path

from chatdesk.cluster.belonging import Belonging, file_errors, prepare_copy, prepare_empty
from chatdesk.cluster.history_taker import HistoryTaker, NoHistoryError
from chatdesk.cluster.order_link import About, OrderLink
from chatdesk.log.database import REPLACED, new_unfinished, replace_with_finished
from chatdesk.log.run_to_completion import run_to_completion

logger = logging.getLogger(__name__)

_NOBODY = (
    "No other machine gives its history (%s), and nothing can be written here without it: start one whose history"
    " fits, whose history this one takes then by itself, or give it a backup of another one, as chat.db in an empty"
    " --data-dir."
)
_ASIDE = (
    "The history of this machine did not fit that of the others any more, and is now theirs. The old one is %s:"
    " what it alone has is shown by chatdesk export, once it lies as chat.db in a --data-dir of its own."
)


async def has_parted(link: OrderLink, belonging: Belonging) -> bool:
    """Whether others have gone on without what a folder has followed, or it has missed too much.

    What Redis has lost is no reason: a node may put it back. Raises the errors of the link.
    """
    about = await link.about()
    if about is None or not (_is_new(belonging) or about.server_id == belonging.server_id):
        return False
    if belonging.place is None and belonging.used:
        return True  # a damaged file was replaced, and its numbers are others now
    place = belonging.place or 0
    if place >= about.number:
        return place == about.number > 0 and await link.key_at(place) not in (None, belonging.key)
    if place and await link.key_at(place) not in (None, belonging.key):
        return True
    following = await link.read(place)
    if not following or following[0].number != place + 1:
        return True
    ordered = following[0].ordered
    return ordered is not None and not belonging.is_continued_by(ordered)


async def rejoin(link: OrderLink, folder: Path, belonging: Belonging) -> None:
    """Set the history of a folder that ``has_parted`` aside, and let it take that of the others, if one gives it.

    The caller has the folder to itself. Raises StoreError, and the errors of the link.
    """
    about = await link.about()
    if about is None:
        return  # Redis has lost it meanwhile
    try:
        with contextlib.ExitStack() as failed:
            with file_errors(folder):
                file = new_unfinished(folder)
            failed.callback(file.unlink, missing_ok=True)  # it may have filled the disk
            await _prepare(link, folder, file, belonging, about)
            failed.pop_all()
    except NoHistoryError as error:
        logger.error(_NOBODY, error)
        return
    with file_errors(folder):
        aside = await run_to_completion(partial(replace_with_finished, folder, REPLACED))
        if _is_new(belonging):
            aside.unlink()  # nothing was said in it
        else:
            logger.warning(_ASIDE, aside)


async def _prepare(link: OrderLink, folder: Path, file: Path, belonging: Belonging, about: About) -> None:
    """Let the file have what is to take the place of the folder's history. Raises NoHistoryError besides."""
    if await keeps_whole_order(link):
        with file_errors(folder):
            await run_to_completion(partial(prepare_empty, file, belonging, about.secret))
        return
    await HistoryTaker(link, folder, file).take()
    try:
        with file_errors(folder):
            copy = await run_to_completion(partial(prepare_copy, folder, file, belonging, about.server_id))
    except ValueError as error:
        raise NoHistoryError(str(error)) from None
    if await link.key_at(copy.place or 0) != copy.key:
        raise NoHistoryError("it is not that of the others")


async def keeps_whole_order(link: OrderLink) -> bool:
    """Whether the order can be followed from its beginning. Raises the errors of the link."""
    first = await link.read(0)
    return bool(first) and first[0].number == 1


def _is_new(belonging: Belonging) -> bool:
    return belonging.place is None and not belonging.used
