# SPDX-License-Identifier: Apache-2.0
"""Pictures of strangers, read in a process of their own that may use little and knows nothing.

A picture of 40 KB can keep the reader of square codes busy for a minute, and the libraries
that unpack pictures are not written in a safe language. So a server reads them here: with a
limit of time and memory, no files, an empty environment, and none of the server's secrets.

Run as a module it reads one picture from its input and writes one answer.
"""

import os
import resource
import subprocess
import sys

from tuidang.verify.certificate.pictures import PictureError, read_picture

SECONDS = 5
MEMORY = 1_000_000_000
MAX_PIXELS = 16_000_000
_FOUND, _REFUSED = b"+", b"-"


def read_apart(data: bytes, *, seconds: float = SECONDS) -> bytes:
    """Return what `read_picture` returns, from another process; raises PictureError.

    A picture that takes too long or too much is picture_unreadable.
    """
    command = [sys.executable, "-I", "-m", __name__]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=seconds, env={}, check=True
        )
    except subprocess.SubprocessError as error:
        raise PictureError("picture_unreadable") from error
    kind, answer = done.stdout[:1], done.stdout[1:]
    if kind != _FOUND:
        raise PictureError(answer.decode("ascii") if kind == _REFUSED else "picture_unreadable")
    return answer


def _answer(data: bytes) -> bytes:
    try:
        return _FOUND + read_picture(data, max_pixels=MAX_PIXELS)
    except PictureError as error:
        return _REFUSED + error.code.encode("ascii")


def _limit() -> None:
    """Give up what a reader of one picture does not need."""
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(5)


if __name__ == "__main__":
    _limit()
    sys.stdout.buffer.write(_answer(sys.stdin.buffer.read()))
