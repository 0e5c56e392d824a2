# SPDX-License-Identifier: Apache-2.0
"""The shape of advice, the same in every language."""

from typing import NamedTuple


class Advice(NamedTuple):
    """What a finding means, and what to do."""

    means: str
    do: str
