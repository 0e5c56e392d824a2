# SPDX-License-Identifier: Apache-2.0
"""`tuidang-verify`: certificates from files, judged offline.

One line a file, then the details, in English and Chinese. Here are only the words of the
command, so that it can say what is missing where nothing but the base is installed.

Exit status: 0 valid and the bundle is fresh · 1 anything else was found · 2 wrong words, no
file or no bundle · 3 valid as of the day of the bundle, which is old.

Source: `certificates.md` section 4; `interfaces.md`.
"""

import argparse
import sys
from collections.abc import Sequence

UNUSABLE = 2


def main(words: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    args = _parser().parse_args(words)
    try:
        from tuidang.verify.certificate.run import run
    except ModuleNotFoundError as error:
        print(f"tuidang-verify needs {error.name}: install tuidang[verify]", file=sys.stderr)
        return UNUSABLE
    return run(args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tuidang-verify", description="Check certificates without a network. 离线查验证明书。"
    )
    parser.add_argument("file", nargs="+", metavar="FILE", help="PDF, PNG, JPEG or text of a code")
    parser.add_argument(
        "--bundle",
        metavar="FILE",
        help="trust bundle (trust.note), kept as ~/.config/tuidang/trust.note if none is named",
    )
    parser.add_argument(
        "--vkey",
        metavar="FILE",
        help="key of the log, if you have it: the bundle must be signed by it",
    )
    parser.add_argument(
        "--seen", metavar="FILE", help="keep the newest bundle there, and refuse an older one"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument(
        "--traditional", action="store_true", help="Chinese in traditional script 正體字"
    )
    return parser
