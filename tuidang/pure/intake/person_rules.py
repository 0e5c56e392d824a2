# SPDX-License-Identifier: Apache-2.0
"""Rules for the people of a declaration (intake spec, section 1).

These functions note problems and give None where a person cannot be read. They must never
decide who is counted: "could not be asked" is read here like every other answer.
"""

from tuidang.pure import naming
from tuidang.pure.intake.declaration import MAX_PERSONS
from tuidang.pure.intake.findings import Fields, Findings
from tuidang.pure.intake.organizations import (
    ORGANIZATIONS,
    UNSPECIFIED_WORD,
    organization_byte,
)
from tuidang.pure.intake.persons import (
    CONSENTS,
    DECLARED_BY,
    KINDS,
    Consent,
    DeclaredBy,
    Person,
    Unnamed,
)

_PERSON_REQUIRED = frozenset({"name", "kind", "organizations", "declared_by"})
_PERSON_OPTIONAL = frozenset({"consent"})
_UNNAMED_REQUIRED = frozenset({"count", "organizations", "declared_by"})
# Room for white space around a name, which is taken off before the name is measured.
_TYPED_NAME_LIMIT = 10_000


def read_persons(body: Fields) -> tuple[Person, ...]:
    """Read the listed persons; those that cannot be read are missing from the answer."""
    items = body.items("persons") or []
    if len(items) > MAX_PERSONS:
        body.add("persons", "too_many_persons", limit=MAX_PERSONS, count=len(items))
        return ()
    read = [_read_person(body.found, item, f"persons[{at}]") for at, item in enumerate(items)]
    _check_self_once(body.found, read)
    return tuple(person for person in read if person)


def read_unnamed(body: Fields) -> Unnamed | None:
    """Read the unnamed persons, if there are any."""
    if "unnamed" not in body:
        return None
    fields = body.found.fields(
        body.raw("unnamed"), "unnamed", required=_UNNAMED_REQUIRED, optional=_PERSON_OPTIONAL
    )
    if fields is None:
        return None
    count = fields.number("count", limit=MAX_PERSONS)
    organizations = _read_organizations(fields)
    declared_by = fields.choice("declared_by", DECLARED_BY)
    if declared_by == "self":
        fields.add("declared_by", "self_unnamed")
        return None
    consent = _read_consent(fields, declared_by)
    if count is None or organizations is None or declared_by is None or consent is None:
        return None
    return Unnamed(count, organizations, declared_by, consent)


def _read_person(found: Findings, value: object, path: str) -> Person | None:
    fields = found.fields(value, path, required=_PERSON_REQUIRED, optional=_PERSON_OPTIONAL)
    if fields is None:
        return None
    name = _read_name(fields)
    kind = fields.choice("kind", KINDS)
    organizations = _read_organizations(fields)
    declared_by = fields.choice("declared_by", DECLARED_BY)
    consent = _read_consent(fields, declared_by)
    if name is None or kind is None or organizations is None or declared_by is None:
        return None
    # A masked name is an alias, taken as written.
    kind = "alias" if naming.is_masked(name) else kind
    return Person(name, kind, organizations, declared_by, consent)


def _read_name(fields: Fields) -> str | None:
    typed = fields.text("name")
    if typed is None:
        return None
    if len(typed) > _TYPED_NAME_LIMIT:
        fields.add("name", "name_too_long", limit=naming.MAX_NAME)
        return None
    name = naming.trim(typed)
    problem = naming.name_problem(name)
    if problem:
        limit = {"limit": naming.MAX_NAME} if problem == "name_too_long" else {}
        fields.add("name", problem, **limit)
        return None
    return name


def _read_organizations(fields: Fields) -> int | None:
    """Read a set of organisations, or "unspecified" alone, as the byte of a leaf."""
    items = fields.items("organizations")
    if items is None:
        return None
    words = [word for word in items if isinstance(word, str)]
    if len(words) < len(items):
        fields.add("organizations", "wrong_type", wanted="text")
    elif not words:
        fields.add("organizations", "organizations_empty")
    elif any(word not in ORGANIZATIONS and word != UNSPECIFIED_WORD for word in words):
        fields.add("organizations", "unknown_choice")
    elif len(set(words)) < len(words):
        fields.add("organizations", "organizations_repeated")
    elif UNSPECIFIED_WORD in words and len(words) > 1:
        fields.add("organizations", "organizations_mixed")
    else:
        return organization_byte(words)
    return None


def _read_consent(fields: Fields, declared_by: DeclaredBy | None) -> Consent | None:
    """Read what somebody else agreed to; for oneself there must be none."""
    if "consent" in fields:
        if declared_by == "self":
            fields.add("consent", "consent_for_self")
            return None
        return fields.choice("consent", CONSENTS)
    if declared_by not in (None, "self"):
        fields.add("consent", "consent_missing")
    return None


def _check_self_once(found: Findings, read: list[Person | None]) -> None:
    selves = [at for at, person in enumerate(read) if person and person.declared_by == "self"]
    for at in selves[1:]:
        found.add(f"persons[{at}].declared_by", "self_twice")
