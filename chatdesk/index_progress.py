"""The progress of building the search index, in the terminal of a server without a window."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from chatdesk.console import print_stderr
from chatdesk.log.log_store import LogStore
from chatdesk.progress import Progress

_PREPARING = "Search is being prepared: meanwhile it covers the newest messages. Everything else works."
_READY = "Search covers all messages again."


@contextmanager
def reporting_index_progress(store: LogStore, stream: TextIO) -> Iterator[None]:
    """Print when building begins and ends; on a terminal, show a progress line, too."""
    if store.indexing is None:
        yield
        return
    print_stderr(_PREPARING)
    with Progress(store.indexing.total, stream) as progress:

        def on_progress() -> None:
            if store.indexing:
                progress.update(store.indexing.done)
            else:
                progress.show("")
                print_stderr(_READY)

        unsubscribe = store.subscribe_indexing(on_progress)
        try:
            yield
        finally:
            unsubscribe()
