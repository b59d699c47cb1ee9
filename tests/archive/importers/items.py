"""Picks items out of what an importer has yielded."""

from collections.abc import Iterable


def of[T](items: Iterable[object], kind: type[T]) -> list[T]:
    """Return the items of one kind, in order."""
    return [item for item in items if isinstance(item, kind)]
