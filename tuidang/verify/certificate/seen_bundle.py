# SPDX-License-Identifier: Apache-2.0
"""The newest trust bundle that was seen, so that nobody is shown an older one unnoticed.

The file holds the bundle itself. It must never be replaced by one with a lower number.

Source: `certificates.md` section 3: the sequence number never goes back.
"""

from pathlib import Path

from tuidang.verify.certificate.trust import Bundle, read_bundle
from tuidang.verify.errors import TrustError


def hold_against_seen(data: bytes, bundle: Bundle, file: Path) -> None:
    """Check a bundle against the one in the file, and keep the newer one there.

    Raises TrustError for a bundle of another log, with a lower number, or with the same number
    and other content.
    """
    if file.exists():
        kept = file.read_bytes()
        seen = read_bundle(kept)
        if seen.log != bundle.log:
            raise TrustError(f"{file} is of another log")
        if bundle.sequence < seen.sequence:
            words = f"bundle {bundle.sequence} is older than {seen.sequence}, which was seen"
            raise TrustError(f"{words} already")
        if bundle.sequence == seen.sequence:
            if kept != data:
                raise TrustError(f"there are two different bundles {bundle.sequence}")
            return
    draft = file.with_name(f".{file.name}.draft")
    draft.write_bytes(data)
    draft.replace(file)
