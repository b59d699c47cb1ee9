"""Why the log cannot do what it is asked for."""

from typing import NamedTuple


class StorageProblem(NamedTuple):
    """Why the log cannot store or read now: a stable word, and a sentence that says what to do."""

    code: str
    sentence: str


class LogError(Exception):
    """The log could not do what it was asked for, and has done nothing of it."""

    def __init__(self, problem: StorageProblem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem
