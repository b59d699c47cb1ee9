"""What an examination finds."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check went. UNKNOWN: it could not be made; UNDERWAY: it is being made just now."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "unknown"
    UNDERWAY = "underway"


DIAGNOSIS = "Diagnosis"
"""The title of what all checks mean together."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something to do, in a sentence; ``command`` is what to type for it, where there is such a thing."""

    sentence: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check. ``check`` is a stable word, ``title`` names the check for people."""

    check: str
    title: str
    verdict: Verdict
    sentence: str
    remedies: tuple[Remedy, ...] = ()


def fault(name: str, sentence: str, *remedies: Remedy) -> Finding:
    """A diagnosis: this keeps people out."""
    return Finding(name, DIAGNOSIS, Verdict.PROBLEM, sentence, remedies)


@dataclass(frozen=True, slots=True)
class Report:
    """All checks in the order in which they were made, and what they mean together.

    The ``check`` of the diagnosis is the name of the fault, such as ``firewall``; ``fine`` where there is none.
    """

    findings: tuple[Finding, ...]
    diagnosis: Finding

    @property
    def fine(self) -> bool:
        """Whether nothing stands in the way."""
        return self.diagnosis.verdict is not Verdict.PROBLEM


OnFinding = Callable[[Finding], None]
"""Is told each check twice: that it is UNDERWAY, and how it went."""
