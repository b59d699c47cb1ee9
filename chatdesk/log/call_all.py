"""Calls that have to be made whatever one of them raises: others wait for theirs."""

from collections.abc import Callable, Iterable


def call_all(calls: Iterable[Callable[[], None]]) -> None:
    """Make all these calls, in order. Raises ExceptionGroup of what they have raised, once all are made."""
    errors: list[Exception] = []
    for call in calls:
        try:
            call()
        except Exception as error:  # noqa: BLE001 - raised below
            errors.append(error)
    if errors:
        raise ExceptionGroup("faults of the program", errors)
