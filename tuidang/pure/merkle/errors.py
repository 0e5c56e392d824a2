# SPDX-License-Identifier: Apache-2.0
"""The one shape of "these bytes are not what they claim to be".

Each format has a subclass of its own. It must never carry the refused value: the
message may end up in a log file.
"""


class FormatError(ValueError):
    """Bytes or text were refused; `code` is stable, the message is plain English."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message
