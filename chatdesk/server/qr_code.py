"""QR codes, for clients that have no library to make them."""

import segno


def qr_rows(text: str) -> list[str]:
    """The QR code of a text of at most a few hundred characters, without its margin: in each row ``1`` is dark."""
    return ["".join(map(str, row)) for row in segno.make(text, micro=False).matrix]
