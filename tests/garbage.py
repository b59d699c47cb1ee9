"""What garbage collection leaves out while tests run."""

import gc


def leave_out_what_stays() -> None:
    """Exclude modules and collected tests from garbage collection, as they live until the end.

    A collection then takes one millisecond instead of a hundred, and each of CPython's tests of a loop runs several.
    """
    gc.collect()
    gc.freeze()
