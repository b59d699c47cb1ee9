"""Asks a server at a new address to prove that it is one the client knows from another address.

A server could claim to be any other. Only the server that issued a token can prove it, and only then is the token shown
to it.
"""

import secrets
from itertools import product

from chatdesk.protocol import commands, connection_events
from chatdesk.protocol.limits import PROOF_IDENTITIES
from chatdesk.protocol.proof import verify_proof


class ProofRequest:
    """One request to a server, about these tokens, the likeliest first."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = [token for token in tokens if token.partition(".")[2]][:PROOF_IDENTITIES]
        self._nonce = secrets.token_hex(16)

    @property
    def command(self) -> commands.Prove:
        """The command to send."""
        return commands.Prove(tuple(token.partition(".")[0] for token in self._tokens), self._nonce)

    def proven_token(self, answer: connection_events.Proof, *endpoints: tuple[str, int]) -> str | None:
        """Return the token that the server at one of these has proved to have issued; None when it proves nothing."""
        found = product(self._tokens, answer.proofs, endpoints)
        return next((token for token, proof, end in found if verify_proof(proof, token, self._nonce, *end)), None)
