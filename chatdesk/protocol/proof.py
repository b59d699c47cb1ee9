"""How a server proves to a client that it is the one that issued a token, without either showing the token.

The proof holds for one connection: it counts the address and the port at which the client has reached the server, as
both of them see it. So nobody can have the true server answer and pass that on as their own. Where the connection is
encrypted, a proxy stands between, and each of them sees another address: it counts the public one, as a page's address
and with 0 for the port, which nobody without a certificate for it can pass on either.
"""

import hashlib
import hmac


def make_proof(token: str, nonce: str, address: str, port: int) -> str:
    """The proof for who was given ``token`` and now asks with ``nonce`` at this address, in its usual spelling."""
    signature = token.partition(".")[2]
    return hmac.new(signature.encode(), f"{nonce} {address} {port}".encode(), hashlib.sha256).hexdigest()


def verify_proof(proof: str, token: str, nonce: str, address: str, port: int) -> bool:
    """Whether whoever has written this proof knows ``token``, and is reached by itself at this address."""
    return hmac.compare_digest(proof.encode(), make_proof(token, nonce, address, port).encode())
