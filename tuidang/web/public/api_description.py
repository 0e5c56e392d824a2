# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the OpenAPI document says about bodies and answers.

The bodies are not read by these schemas but by `pure.intake`; a test holds the two together.
"""

from typing import Any

from tuidang.pure.intake.declaration import LANGUAGES, MAX_PERSONS, MAX_STATEMENT, SHOWS
from tuidang.pure.intake.organizations import ORGANIZATIONS, UNSPECIFIED_WORD
from tuidang.pure.intake.persons import CONSENTS, DECLARED_BY, KINDS

WHOLE = (
    "Declarations go in, receipts and totals come out. Errors are problem documents (RFC 9457) "
    "that repeat nothing of what was sent."
)
Schema = dict[str, Any]


def _object(required: list[str], **properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": properties,
    }


def _one_of(words: tuple[str, ...]) -> Schema:
    return {"type": "string", "enum": list(words)}


_TEXT: Schema = {"type": "string"}
_DAY: Schema = {"type": "string", "format": "date"}
_COUNT: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_PERSONS}
_ORGANIZATIONS: Schema = {
    "type": "array",
    "minItems": 1,
    "uniqueItems": True,
    "items": _one_of((*ORGANIZATIONS, UNSPECIFIED_WORD)),
}
_PERSON = _object(
    ["name", "kind", "organizations", "declared_by"],
    name=_TEXT,
    kind=_one_of(KINDS),
    organizations=_ORGANIZATIONS,
    declared_by=_one_of(DECLARED_BY),
    consent=_one_of(CONSENTS),
)
_UNNAMED = _object(
    ["count", "organizations", "declared_by", "consent"],
    count=_COUNT,
    organizations=_ORGANIZATIONS,
    declared_by=_one_of(tuple(word for word in DECLARED_BY if word != "self")),
    consent=_one_of(CONSENTS),
)
DECLARATION_BODY = _object(
    ["language", "show", "persons", "idempotency_key"],
    language=_one_of(LANGUAGES),
    statement={"type": "string", "maxLength": MAX_STATEMENT},
    place=_object(["country"], country=_TEXT, province=_TEXT),
    stated_on=_DAY,
    show=_one_of(SHOWS),
    persons={"type": "array", "maxItems": MAX_PERSONS, "items": _PERSON},
    unnamed=_UNNAMED,
    total=_COUNT,
    bind=_object(["legal_name", "birth_date"], legal_name=_TEXT, birth_date=_TEXT),
    earlier_receipt=_TEXT,
    counted_before={
        "type": "boolean",
        "default": False,
        "description": (
            "Who declares for themselves is counted already, by an earlier statement or a list "
            "without a code of their own: they are recorded, and not counted again."
        ),
    },
    idempotency_key={"type": "string", "pattern": "^[A-Za-z0-9_-]{22,128}$"},
)
_SPELLED = _object(["digits", "chinese", "english"], digits=_TEXT, chinese=_TEXT, english=_TEXT)
_PROBLEM: Schema = {
    "description": "A problem document; at 422 `errors` lists path, code and message.",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}


def _body(schema: Schema) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _answer(words: str, schema: Schema) -> Schema:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


DECLARATIONS: Schema = {
    "requestBody": _body(DECLARATION_BODY),
    "responses": {
        201: _answer("Received, sealed and durable.", _object(["receipt"], receipt=_SPELLED)),
        **dict.fromkeys((400, 403, 409, 413, 415, 422, 503), _PROBLEM),
    },
}
RECEIPT: Schema = {
    "requestBody": _body(_object(["receipt"], receipt=_TEXT)),
    "responses": {
        200: _answer("State, proofs and mailbox; no name or text.", {"type": "object"}),
        **dict.fromkeys((400, 403, 404, 413, 415, 422), _PROBLEM),
    },
}
TALLY: Schema = {
    "parameters": [
        {"name": name, "in": "query", "required": False, "schema": _DAY} for name in ("from", "to")
    ],
    "responses": {200: _answer("The totals of the last seal.", {"type": "object"}), 422: _PROBLEM},
}
