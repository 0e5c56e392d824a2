# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write the words of verdicts and papers as JSON for the verifying page, from Python's own tables.

So the page and the command cannot say different things about the same finding, and the page
knows every word that a paper may show.
"""

import json
import sys
from dataclasses import asdict

from tuidang.pure.credential.face_words import ENGLISH, HANS, HANT, MONTHS
from tuidang.verify.certificate.verdict import LANGUAGES, REASONS, words


def main() -> None:
    """Write everything that the page takes over, sorted: the same words give the same bytes."""
    reasons = {
        code: {
            "outcome": reason.outcome,
            **{language: asdict(words(code, language)) for language in LANGUAGES},
        }
        for code, reason in REASONS.items()
    }
    face = {"en": ENGLISH, "zh-Hans": HANS, "zh-Hant": HANT}
    table = {"reasons": reasons, "face": face, "months": MONTHS}
    json.dump(table, sys.stdout, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


if __name__ == "__main__":
    main()
