"""Events that concern a connection, and no room."""

from typing import Annotated

from msgspec import Meta, Struct


class Reach(Struct, tag="reach", frozen=True):
    """The host asks which of its addresses can be reached: GET ``http://ADDRESS:PORT/reach/NONCE`` for each.

    The port is that of this connection, and the answers are ignored. A client calls private addresses only, at most
    REACH_ADDRESSES of them, and not again within ten seconds.
    """

    nonce: str
    addresses: list[str]


class Nodes(Struct, tag="nodes", frozen=True):
    """The addresses of the chat's other servers have changed; the new list replaces the one of the ``welcome``."""

    nodes: list[str]


class Pong(Struct, tag="pong", frozen=True, omit_defaults=True):
    """The answer to a ``ping``."""

    ref: str | None = None


class Proof(Struct, tag="proof", frozen=True, omit_defaults=True):
    """The answer to ``prove``: for each identity one or two proofs, see ``chatdesk.protocol.proof``."""

    proofs: list[str]
    ref: str | None = None


class Error(Struct, tag="error", frozen=True, omit_defaults=True):
    """A command was refused; ``content`` is a sentence for the person.

    ``retry_after``: the same command will be accepted after so many seconds. Of somebody who is ``removed``, ``banned``
    or ``muted``, the fields after it say by whom, in which room (or in the whole chat), why, and until when.
    """

    code: str
    content: str
    ref: str | None = None
    retry_after: Annotated[float, Meta(ge=0)] | None = None
    by: str = ""
    room: str = ""
    reason: str = ""
    until: str = ""


class Refreshed(Struct, tag="refreshed", frozen=True, omit_defaults=True):
    """The answer to ``refresh``: the sign-in ends in so many seconds now."""

    expires_in: Annotated[float, Meta(ge=0)]
    ref: str | None = None
