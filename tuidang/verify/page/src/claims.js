// SPDX-License-Identifier: Apache-2.0
/**
 * What a certificate says (certificates spec, section 3): types, lengths, and which values may
 * stand together. The rules are those of `pure/credential/claims.py` and `claim_rules.py`; days
 * are numbers since 1970-01-01.
 */

import { Refused, equal, require } from "./bytes.js";
import { FIRST_DAY, LAST_DAY } from "./days.js";
import { isNumber } from "./numbers.js";

export const DOCUMENTS = [
  "passport", "id_card", "travel_document", "residence_permit", "driving_licence",
  "household_register", "other",
];
const PRIVATE_CLAIM = -70001;
const DAY_SECONDS = 86_400;
const REQUIRED = [1, 2, 6, 11, 12, 13];
const OPTIONAL = [3, 4, 5, 7, 8, 9, 10, 14, 15, 16];
const LATIN_NAME = /^[A-Z]+(?:<[A-Z]+)*(?:<<[A-Z]+(?:<[A-Z]+)*)?$/;
// What breaks a line, and what nobody can see; the last ones Unicode promises never to assign.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u{fdd0}-\u{fdef}]/u;

/**
 * @typedef {{day: number, witnessed: boolean}} NoLaterThan
 * @typedef {{code: string, document: string | null, day: number | null}} Check
 * @typedef {{kind: number, alias: string | null, recovered: boolean}} DeclaredAs
 * @typedef {{issuer: string, issued: number, number: string, latinName: string, orgs: number,
 *   check: Check, declaredAs: DeclaredAs, status: [number, number], chineseName: string | null,
 *   birthDate: number | null, birthPlace: string | null, received: NoLaterThan | null,
 *   linked: NoLaterThan | null, bound: boolean, stated: number | null,
 *   commitments: [Uint8Array, Uint8Array] | null, branch: string | null}} Claims
 */

/** @param {unknown} found @returns {Claims} */
export function fromMap(found) {
  const outer = keys(found, [1, 6, PRIVATE_CLAIM], []);
  const inner = keys(outer.get(PRIVATE_CLAIM), REQUIRED, OPTIONAL);
  require(!inner.has(16), "version_unknown", "a version that is not known here");
  require(inner.has(7) === inner.has(9), "dates_incomplete", "bound or not, where a date is");
  const claims = {
    issuer: text(outer.get(1), 60, "issuer"),
    issued: issued(outer.get(6)),
    number: text(inner.get(1), 12, "number"),
    latinName: text(inner.get(2), 39, "latin_name"),
    chineseName: optional(inner, 3, (value) => text(value, 40, "chinese_name")),
    birthDate: optional(inner, 4, day),
    birthPlace: optional(inner, 5, (value) => text(value, 60, "birth_place")),
    orgs: integer(inner.get(6)),
    received: optional(inner, 7, noLater),
    linked: optional(inner, 8, noLater),
    bound: optional(inner, 9, boolean) ?? false,
    stated: optional(inner, 10, day),
    check: check(inner.get(11)),
    declaredAs: declaredAs(inner.get(12)),
    status: items(inner.get(13), 2).map(integer),
    commitments: optional(inner, 14, commitments),
    branch: optional(inner, 15, (value) => text(value, 60, "branch")),
  };
  consistent(claims);
  return claims;
}

/** @param {Claims} claims */
function consistent(claims) {
  require(isNumber(claims.number), "number", "not the number of a certificate");
  require(LATIN_NAME.test(claims.latinName), "latin_name");
  require(claims.orgs >= 0 && claims.orgs <= 7, "orgs", "organisations are three bits");
  const [list, index] = claims.status;
  require(list >= 0 && list < 2 ** 16 && index >= 0 && index < 2 ** 20, "status");
  const follows = claims.received === null;
  require((claims.linked === null) === follows, "dates_incomplete", "one date of two");
  require(!(follows && claims.bound), "bound_without_date");
  if (claims.commitments !== null) {
    require(!follows, "commitments_without_dates", "a proof of no date");
    require(claims.birthDate !== null, "commitments_without_birth_date");
  }
}

function keys(value, required, allowed) {
  require(value instanceof Map, "claim_type", "not a map");
  require(required.every((key) => value.has(key)), "claim_missing");
  const known = new Set([...required, ...allowed]);
  require([...value.keys()].every((key) => known.has(key)), "claim_unknown");
  return value;
}

function optional(map, key, read) {
  return map.has(key) ? read(map.get(key)) : null;
}

function integer(value) {
  require(Number.isSafeInteger(value), "claim_type", "not a number");
  return value;
}

function boolean(value) {
  require(typeof value === "boolean", "claim_type", "not true or false");
  return value;
}

/** A text of 1 to `longest` visible characters, not padded by spaces. */
function text(value, longest, code) {
  require(typeof value === "string", "claim_type", "not a text");
  const length = [...value].length;
  require(length > 0 && length <= longest, code, "a text is empty or too long");
  require(value === value.trim() && !/^\x85|\x85$/.test(value), "text_characters");
  require(!UNSEEN.test(value), "text_characters", "a character that nobody can see");
  const unassigned = [...value].some((char) => (char.codePointAt(0) & 0xfffe) === 0xfffe);
  require(!unassigned, "text_characters", "a character that nobody can see");
  return value;
}

function items(value, count) {
  require(Array.isArray(value) && value.length === count, "claim_type", "not such a list");
  return value;
}

function day(value) {
  const number = integer(value);
  require(number >= FIRST_DAY && number <= LAST_DAY, "day_range", "a day outside the calendar");
  return number;
}

function issued(value) {
  require(integer(value) % DAY_SECONDS === 0, "issued_time", "a time of day, not a day");
  return day(value / DAY_SECONDS);
}

function noLater(value) {
  const [number, witnessed] = items(value, 2);
  require(witnessed === 0 || witnessed === 1, "claim_type", "not 0 or 1");
  return { day: day(number), witnessed: witnessed === 1 };
}

function check(value) {
  const [code, document, seen] = items(value, 3);
  require(["S", "R", "V", "P"].includes(code), "check_code", "an unknown kind of check");
  const shown = code === "V";
  require(shown ? DOCUMENTS.includes(document) : document === null, "check_document");
  require(seen !== null || !shown, "check_day", "a document was seen on a day");
  require(seen === null || shown || code === "P", "check_day", "nothing was seen");
  return { code, document, day: seen === null ? null : day(seen) };
}

function declaredAs(value) {
  const [kind, alias, recovered] = Array.isArray(value) ? items(value, 3) : [value, null, false];
  require([0, 1, 2].includes(integer(kind)), "declared_as", "an unknown kind");
  boolean(recovered);
  if (alias !== null) text(alias, 60, "alias");
  require(alias === null || kind !== 0, "declared_as", "no alias was used");
  const plain = alias === null && !recovered;
  require(!plain || !Array.isArray(value), "declared_as", "in a longer form than needed");
  return { kind, alias, recovered };
}

function commitments(value) {
  const pair = items(value, 2);
  require(pair.every((each) => each instanceof Uint8Array), "claim_type", "not bytes");
  require(pair.every((each) => each.length === 32), "commitments", "a commitment is 32 bytes");
  if (equal(pair[0], pair[1])) throw new Refused("commitments", "two leaves, two commitments");
  return pair;
}
