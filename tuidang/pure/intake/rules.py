# SPDX-License-Identifier: Apache-2.0
"""The rules that turn a JSON body into a declaration, or refuse it.

One pass finds everything that is wrong (intake spec, section 1; interfaces,
`POST /api/v1/declarations`). The day is given, never looked up, and no typed value leaves
this module but inside the declaration itself.
"""

import re
import unicodedata
from datetime import date, timedelta

from tuidang.pure import naming
from tuidang.pure.intake.declaration import (
    LANGUAGES,
    MAX_PERSONS,
    MAX_STATEMENT,
    SHOWS,
    Bind,
    Declaration,
    Place,
)
from tuidang.pure.intake.findings import Fields, Findings
from tuidang.pure.intake.person_rules import read_persons, read_unnamed
from tuidang.pure.intake.places import COUNTRIES, province_problem
from tuidang.pure.intake.problems import PROBLEM_CODES, IntakeError, Problem
from tuidang.pure.ledger.links import LinkError, canonical_legal_name
from tuidang.pure.receipt import Code, CodeError, contains_code, parse_code

__all__ = ["PROBLEM_CODES", "IntakeError", "Problem", "parse_declaration"]

_REQUIRED = frozenset({"language", "show", "persons", "idempotency_key"})
_OPTIONAL = frozenset(
    {
        "statement",
        "place",
        "stated_on",
        "unnamed",
        "total",
        "bind",
        "earlier_receipt",
        "counted_before",
    }
)
_KEY = re.compile(r"[A-Za-z0-9_-]{22,128}")
_TYPED_LEGAL_NAME_LIMIT = 200
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BIRTH_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}")
_PARTY_FOUNDED = date(1921, 7, 23)
_EARLIEST_BIRTH = date(1900, 1, 1)
# At UTC+14 the calendar is never more than one day ahead of UTC.
_AHEAD_OF_UTC = timedelta(days=1)
_TURNS_WRITING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def parse_declaration(body: object, *, today: date) -> Declaration:
    """Check a decoded JSON body of `POST /api/v1/declarations`.

    `today` is the date in UTC; dates up to one day later pass, as it may be that day
    elsewhere. Raises IntakeError with every problem found, in the order of the fields.
    """
    found = Findings()
    fields = found.fields(body, "", required=_REQUIRED, optional=_OPTIONAL)
    declaration = _read_body(fields, today + _AHEAD_OF_UTC) if fields else None
    if found.problems or declaration is None:
        raise IntakeError(found.problems)
    return declaration


def _read_body(body: Fields, latest: date) -> Declaration | None:
    _check_key(body)
    language = body.choice("language", LANGUAGES)
    show = body.choice("show", SHOWS)
    persons = read_persons(body)
    unnamed = read_unnamed(body)
    total = body.number("total", limit=MAX_PERSONS)
    _check_size(body, total)
    statement = _read_statement(body)
    place = _read_place(body)
    stated_on = body.day("stated_on", _ISO_DAY, earliest=_PARTY_FOUNDED, latest=latest)
    bind = _read_bind(body, latest)
    earlier = _read_earlier_receipt(body)
    counted_before = body.truth("counted_before")
    if language is None or show is None:
        return None
    declaration = Declaration(
        language=language,
        show=show,
        persons=persons,
        unnamed=unnamed,
        statement=statement or "",
        place=place,
        stated_on=stated_on,
        total=total,
        declared_before=earlier is not None,
        counted_before=counted_before,
        earlier_receipt=earlier,
        bind=bind,
    )
    _check_together(body, declaration)
    return declaration


def _check_key(body: Fields) -> None:
    key = body.text("idempotency_key")
    if key is not None and not _KEY.fullmatch(key):
        body.add("idempotency_key", "key_form", least=22, limit=128)


def _check_size(body: Fields, total: int | None) -> None:
    """Bound the number of persons as they came, also where some of them are faulty."""
    items = body.raw("persons")
    others = body.raw("unnamed")
    count = others.get("count", 0) if isinstance(others, dict) else 0
    if not isinstance(items, list) or not isinstance(count, int) or isinstance(count, bool):
        return
    if not 0 <= count <= MAX_PERSONS or len(items) > MAX_PERSONS:
        return  # told already
    size = len(items) + count
    if size == 0 and "unnamed" not in body:
        body.add("persons", "nobody")
    if size > MAX_PERSONS:
        body.add("persons", "too_many_persons", limit=MAX_PERSONS, count=size)
    if total is not None and total != size:
        body.add("total", "total_differs", stated=total, listed=size)


def _read_statement(body: Fields) -> str | None:
    """Read the free text. Line breaks of forms become plain; outer white space goes."""
    typed = body.text("statement", limit=2 * MAX_STATEMENT)
    if typed is None:
        return None
    statement = naming.trim(typed.replace("\r\n", "\n"))
    if len(statement) > MAX_STATEMENT:
        body.add("statement", "too_long", limit=MAX_STATEMENT)
    elif not all(_may_stand_in_text(sign) for sign in statement):
        body.add("statement", "text_control")
    elif contains_code(statement):
        body.add("statement", "statement_receipt_code")
    else:
        return statement
    return None


def _may_stand_in_text(sign: str) -> bool:
    if sign in "\n\t":
        return True
    if sign in _TURNS_WRITING or naming.is_noncharacter(sign):
        return False
    return unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Zl", "Zp")


def _read_place(body: Fields) -> Place | None:
    if "place" not in body:
        return None
    fields = body.found.fields(
        body.raw("place"),
        "place",
        required=frozenset({"country"}),
        optional=frozenset({"province"}),
    )
    if fields is None:
        return None
    country = fields.text("country")
    if country is None or country not in COUNTRIES:
        if country is not None:
            fields.add("country", "country_unknown")
        return None
    province = naming.trim(fields.text("province", limit=2 * MAX_STATEMENT) or "")
    problem = province_problem(country, province) if province else None
    if problem:
        fields.add("province", problem)
        return None
    return Place(country, province)


def _read_bind(body: Fields, latest: date) -> Bind | None:
    if "bind" not in body:
        return None
    fields = body.found.fields(
        body.raw("bind"),
        "bind",
        required=frozenset({"legal_name", "birth_date"}),
        optional=frozenset(),
    )
    if fields is None:
        return None
    name = _read_legal_name(fields)
    birth = fields.day("birth_date", _BIRTH_DAY, earliest=_EARLIEST_BIRTH, latest=latest)
    return Bind(name, birth.strftime("%Y%m%d")) if name and birth else None


def _read_legal_name(fields: Fields) -> str | None:
    """Read a legal name, in the passport's spelling or one that leads to it without a guess."""
    typed = fields.text("legal_name", limit=_TYPED_LEGAL_NAME_LIMIT)
    if typed is None:
        return None
    try:
        return canonical_legal_name(typed)
    except LinkError as error:
        fields.add("legal_name", error.code)
        return None


def _read_earlier_receipt(body: Fields) -> Code | None:
    typed = body.text("earlier_receipt")
    if typed is None:
        return None
    try:
        return parse_code(typed)
    except CodeError as error:
        body.add("earlier_receipt", f"receipt_{error.code}")
        return None


def _check_together(body: Fields, declaration: Declaration) -> None:
    """Check what no field can answer alone."""
    speaks_for_self = declaration.self_number is not None
    if "bind" in body and not speaks_for_self:
        body.add("bind", "bind_needs_self")
    if declaration.show != "count" and _is_blank(body.raw("statement")):
        body.add("show", "statement_missing")
    if declaration.show == "text_and_name" and not speaks_for_self:
        body.add("show", "show_needs_self")


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not naming.trim(value))
