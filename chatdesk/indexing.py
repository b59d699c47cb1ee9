"""What a server without a window says in the terminal while the search index of an older history is built."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from chatdesk.archive.progress import Progress
from chatdesk.log.room_log import LogStore
from chatdesk.printing import print_aside

_PREPARING = "Search is being prepared: meanwhile it covers the newest messages. Everything else works."
_READY = "Search covers all messages again."


@contextmanager
def telling_of_the_index(archive: LogStore, stream: TextIO) -> Iterator[None]:
    """Say when it begins and ends; who watches a terminal also sees how far it is."""
    if archive.indexing is None:
        yield
        return
    print_aside(_PREPARING)
    with Progress(archive.indexing.total, stream) as progress:

        def changed() -> None:
            if archive.indexing:
                progress.update(archive.indexing.done)
            else:
                progress.show("")
                print_aside(_READY)

        archive.subscribe_indexing(changed)
        try:
            yield
        finally:
            archive.subscribe_indexing(_nobody)


def _nobody() -> None:
    """Nobody looks any more."""
