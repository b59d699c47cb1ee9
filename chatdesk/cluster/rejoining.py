"""Brings a node back whose history has gone another way than that of the others, or has missed too much of it.

It follows the whole order again. Where Redis does not keep all of that any more, another node gives a copy of its
history, which is followed from there on.
"""

from __future__ import annotations

import contextlib
import logging
from functools import partial
from pathlib import Path

from chatdesk.cluster.belonging import Belonging, file_errors, prepare_copy, rejoin_cluster, rejoin_with_copy
from chatdesk.cluster.history_taker import HistoryTaker
from chatdesk.cluster.order_link import About, OrderLink
from chatdesk.log.database import new_unfinished
from chatdesk.log.lock import FolderLock
from chatdesk.log.run_to_completion import run_to_completion

logger = logging.getLogger(__name__)

_NOBODY = (
    "The history of another machine cannot be taken (%s): start one whose history fits, and then this one again, or"
    " give it a backup of another one, as chat.db in an empty --data-dir."
)
_ASIDE = (
    "The history of this machine did not fit that of the others any more, and is now theirs. The old one is %s:"
    " what it alone has is shown by chatdesk export, once it lies as chat.db in a --data-dir of its own."
)


async def rejoin(link: OrderLink, folder: Path, belonging: Belonging) -> bool:
    """Set the history of a folder aside if others have gone on without it, or it has missed too much: it takes theirs.

    Returns whether that is so. Raises StoreError, and the errors of the link.
    """
    about, is_new = await link.about(), belonging.place is None and not belonging.used
    if about is None or not (is_new or about.server_id == belonging.server_id):
        return False
    if not await _has_parted(link, belonging, about):
        return False
    first = await link.read(0)
    try:
        if first and first[0].number == 1:
            aside = await run_to_completion(partial(rejoin_cluster, folder, about.secret))
        else:
            aside = await _take_history(link, folder, belonging, about)
    except (TimeoutError, ValueError) as error:
        logger.error(_NOBODY, str(error) or "none answers")
        return False
    if is_new:
        with file_errors(folder):
            aside.unlink(missing_ok=True)  # nothing was said in it
    else:
        logger.warning(_ASIDE, aside)
    return True


async def _take_history(link: OrderLink, folder: Path, belonging: Belonging, about: About) -> Path:
    """Raises TimeoutError if no other node gives its history, and ValueError for one that does not fit."""
    with contextlib.closing(FolderLock(folder)), contextlib.ExitStack() as failed:
        with file_errors(folder):
            file = new_unfinished(folder)
        failed.callback(file.unlink, missing_ok=True)  # it may have filled the disk
        await HistoryTaker(link, folder, file).take()
        with file_errors(folder):
            prepare = partial(prepare_copy, folder, file, about.server_id, belonging.waiting)
            copy = await run_to_completion(prepare)
        if await link.key_at(copy.place or 0) != copy.key:
            raise ValueError("it is not that of the others")
        failed.pop_all()
        with file_errors(folder):
            return await run_to_completion(partial(rejoin_with_copy, folder, belonging))


async def _has_parted(link: OrderLink, belonging: Belonging, about: About) -> bool:
    """Whether others have gone on without what this folder has followed, or it has missed too much.

    What Redis has lost is no reason: a node may put it back.
    """
    if belonging.place is None and belonging.used:
        return True  # a damaged file was replaced, and its numbers are others now
    place = belonging.place or 0
    if place >= about.number:
        return place == about.number > 0 and await link.key_at(place) not in (None, belonging.key)
    if place and await link.key_at(place) not in (None, belonging.key):
        return True
    following = await link.read(place)
    return not following or following[0].number != place + 1
