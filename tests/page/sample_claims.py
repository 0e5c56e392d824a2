# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sample certificates of all kinds, always the same ones."""

import random
from datetime import date, timedelta
from typing import Any

from tuidang.pure.credential.claims import (
    DOCUMENTS,
    Claims,
    DeclaredAs,
    IdentityCheck,
    NoLaterThan,
)
from tuidang.pure.credential.numbers import number_from

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


def some_claims(count: int, seed: int = 0) -> list[Claims]:
    """Return this many certificates, in which every field is present, absent and extreme."""
    drawn = random.Random(seed)
    return [_claims(drawn) for _ in range(count)]


def _claims(drawn: random.Random) -> Claims:
    dated, birth_date = drawn.random() < 0.8, _maybe(drawn, _day(drawn))
    proven = dated and birth_date is not None and drawn.random() < 0.7
    return Claims(
        issuer=drawn.choice(("样本 sample", "s")),
        issued=_day(drawn),
        number=number_from(drawn.randbytes(8)),
        latin_name=drawn.choice(("ZHANG<<SAN", "OUYANG<<XIAO<MING", "MADONNA", "A<B<<C<D<E")),
        orgs=drawn.randrange(8),
        check=_check(drawn),
        declared_as=_declared(drawn),
        status=(drawn.randrange(2**16), drawn.randrange(2**20)),
        chinese_name=_maybe(drawn, drawn.choice(("张三", "歐陽小明", "𠮷田", "{how} $& 样本"))),
        birth_date=birth_date,
        birth_place=_maybe(drawn, "样本省 Sample Province"),
        received=NoLaterThan(_day(drawn), drawn.random() < 0.5) if dated else None,
        linked=NoLaterThan(_day(drawn), drawn.random() < 0.5) if dated else None,
        bound=dated and drawn.random() < 0.5,
        stated=_maybe(drawn, _day(drawn)),
        commitments=(drawn.randbytes(32), drawn.randbytes(32)) if proven else None,
        branch=_maybe(drawn, "样本分部"),
    )


def _maybe(drawn: random.Random, value: Any) -> Any:
    return value if drawn.random() < 0.6 else None


def _day(drawn: random.Random) -> date:
    usual = date(1930, 1, 1) + timedelta(days=drawn.randrange(40_000))
    return drawn.choice((usual, usual, usual, FIRST, LAST))


def _check(drawn: random.Random) -> IdentityCheck:
    code = drawn.choice("SRVP")
    if code == "V":
        return IdentityCheck("V", drawn.choice(DOCUMENTS), _day(drawn))
    return IdentityCheck(code, None, _day(drawn) if code == "P" and drawn.random() < 0.5 else None)


def _declared(drawn: random.Random) -> DeclaredAs:
    kind = drawn.randrange(3)
    alias = _maybe(drawn, drawn.choice(("样本化名", "{alias}", "$1 sample"))) if kind else None
    return DeclaredAs(kind, alias, drawn.random() < 0.3)
