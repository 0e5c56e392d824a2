# SPDX-License-Identifier: Apache-2.0
"""What a checker has to say when it does not say yes.

Three kinds that must never be mixed up: the log fails, we do not know whom to trust, or this
machine has no room to look.
"""


class AuditFailed(Exception):
    """The log does not hold; `file` is the path at fault, below the log's folder."""

    def __init__(self, file: str, words: str) -> None:
        super().__init__(file, words)
        self.file = file
        self.words = words

    def __str__(self) -> str:
        return f"{self.file!a}: {self.words}"


class TrustError(ValueError):
    """A trust file names no keys that can be used; the message is plain English."""


class ScratchError(OSError):
    """The audit's own temporary files cannot be written or read: it says nothing of the log."""

    def __init__(self, folder: str, words: str) -> None:
        super().__init__(folder, words)
        self.folder = folder
        self.words = words

    def __str__(self) -> str:
        return f"{self.folder}: no temporary file here: {self.words}"


class ProofContradicts(ValueError):
    """The proof in a certificate shows something else than the certificate says.

    `code` is one of the reasons in `certificate.verdict`; nothing of the certificate is in it.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
