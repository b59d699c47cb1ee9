"""The result of an examination."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check went. UNKNOWN: it could not be made; UNDERWAY: it is being made now."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "unknown"
    UNDERWAY = "underway"


DIAGNOSIS = "Diagnosis"
"""The title of the conclusion from all checks."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something to do, as a sentence; ``command`` is what to type for it, if anything."""

    sentence: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check. ``check`` is a stable identifier, ``title`` names the check for people."""

    check: str
    title: str
    verdict: Verdict
    sentence: str
    remedies: tuple[Remedy, ...] = ()


def fault(name: str, sentence: str, *remedies: Remedy) -> Finding:
    """Return a diagnosis that says what keeps people out."""
    return Finding(name, DIAGNOSIS, Verdict.PROBLEM, sentence, remedies)


@dataclass(frozen=True, slots=True)
class Report:
    """All checks in the order in which they were made, and the diagnosis.

    The ``check`` of the diagnosis is the name of the fault, such as ``firewall``, or ``fine`` if there is none.
    """

    findings: tuple[Finding, ...]
    diagnosis: Finding

    @property
    def fine(self) -> bool:
        """Whether nothing keeps people out."""
        return self.diagnosis.verdict is not Verdict.PROBLEM


OnFinding = Callable[[Finding], None]
"""Called twice for each check: when it is UNDERWAY, and with its result."""
