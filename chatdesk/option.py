"""One option of the program, for the command line, the environment and the configuration file."""

import argparse
from dataclasses import dataclass
from typing import Any

from chatdesk.option_kinds import Kind


@dataclass(frozen=True, slots=True)
class Option:
    """One option: the commands that take it, and whether environment and file can set it, too (``configurable``)."""

    name: str
    kind: Kind
    default: Any
    help: str
    commands: tuple[str, ...]
    metavar: str | None = None
    shown_default: str | None = None
    choices: tuple[str, ...] | None = None
    configurable: bool = True

    @property
    def flag(self) -> str:
        """On the command line."""
        return f"--{self.key}"

    @property
    def key(self) -> str:
        """In the configuration file."""
        return self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """In the environment."""
        return f"CHATDESK_{self.name.upper()}"

    @property
    def default_words(self) -> str:
        """The default value in words, for help texts."""
        if self.shown_default:
            return self.shown_default
        if self.default is None or isinstance(self.default, bool | tuple):
            return "yes" if self.default else ""
        return f"{self.default:g}" if isinstance(self.default, float) else str(self.default)

    def read_argument(self, text: str) -> Any:
        """Convert an argument of the command line; raises argparse's own error."""
        try:
            return self.kind.parse(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not {self.kind.description}") from None
