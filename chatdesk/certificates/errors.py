"""What is wrong with certificates; without the libraries that make them, which only an encrypted chat loads."""


class CertificateError(Exception):
    """Certificates cannot be made, read or used. The message is a sentence that says what to do."""
