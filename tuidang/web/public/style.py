# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one style sheet, sent inside every page, and the security policy that names its hash."""

import base64
import hashlib
import re
from pathlib import Path

_SHEET = Path(__file__).with_name("style") / "public.css"


def _squeezed(sheet: str) -> str:
    """Take out comments and line breaks. The sheet is written for it: one rule a line."""
    return re.sub(r"/\*.*?\*/|\n", "", sheet, flags=re.DOTALL)


STYLE = _squeezed(_SHEET.read_text(encoding="utf-8"))

_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

# Nothing is loaded from anywhere: no script, no image request, no third party.
SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; img-src data:"
)
