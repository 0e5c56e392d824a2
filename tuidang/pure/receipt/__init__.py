# SPDX-License-Identifier: Apache-2.0
"""The receipt code: its spellings, and the keys that come from it.

The code proves authorship without an account, so it is worth as much as what it opens.
This room reads it, writes it and derives keys from it. It must never make a code (whoever
calls brings the random bytes), keep one, or repeat what was typed in an error or a repr.
"""

from tuidang.pure.receipt.codes import Code, CodeError
from tuidang.pure.receipt.keys import DeclarantKeys, mailbox_identity, mailbox_recipient
from tuidang.pure.receipt.spelling import contains_code, parse_code

__all__ = [
    "Code",
    "CodeError",
    "DeclarantKeys",
    "contains_code",
    "mailbox_identity",
    "mailbox_recipient",
    "parse_code",
]
