"""Finding out whether what answers at a new address is a server that one knows from another.

A server could claim to be any other. Whoever has issued one's token can prove it, and only then is the token shown.
"""

import secrets
from itertools import product

from chatdesk.protocol import commands, events
from chatdesk.protocol.limits import PROOF_IDENTITIES
from chatdesk.protocol.proof import verify_proof


class ProofRequest:
    """One question to a server, about these tokens of one's own, the likeliest first."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens[:PROOF_IDENTITIES]
        self._nonce = secrets.token_hex(16)

    @property
    def command(self) -> commands.Prove:
        """What to ask."""
        return commands.Prove(tuple(token.partition(".")[0] for token in self._tokens), self._nonce)

    def proven_token(self, answer: events.Proof, endpoint: tuple[str, int]) -> str | None:
        """The token that the server, ``reached`` there, has issued; None where it proves nothing."""
        pairs = product(self._tokens, answer.proofs)
        return next((token for token, proof in pairs if verify_proof(proof, token, self._nonce, *endpoint)), None)
