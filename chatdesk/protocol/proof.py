"""Proof that a server issued a token, without showing the token.

A proof is valid for one connection: it covers the address and port at which the client reaches the server, as both of
them see it. So a false server cannot relay the proof of the true one. Where a proxy stands between them, both see
different addresses. Then the proof covers the public address of the page, with port 0: with an encrypted connection a
false server has no certificate for it. Without encryption it is enough only for an address that a known server has
named: a false one there can relay no proof but that of the server whose address it is.
"""

import hashlib
import hmac


def make_proof(token: str, nonce: str, address: str, port: int) -> str:
    """Return the proof for the owner of ``token``, who asked with ``nonce`` at this address, in its usual spelling."""
    signature = token.partition(".")[2]
    return hmac.new(signature.encode(), f"{nonce} {address} {port}".encode(), hashlib.sha256).hexdigest()


def verify_proof(proof: str, token: str, nonce: str, address: str, port: int) -> bool:
    """Return whether the author of ``proof`` knows ``token`` and is reached directly at this address."""
    return hmac.compare_digest(proof.encode(), make_proof(token, nonce, address, port).encode())
