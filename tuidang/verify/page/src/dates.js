// SPDX-License-Identifier: Apache-2.0
/**
 * Whether the attached proof shows what a certificate says about days and persons. The order of
 * the checks and the codes are those of `verify/certificate/dates.py`.
 *
 * What the issuer signed is a statement; with the proof it is "proven". A proof that shows
 * anything else contradicts, and is never taken for no proof.
 */

import { equal, require, utf8 } from "./bytes.js";
import { isoDay } from "./days.js";
import { leafHash, rootOfPath } from "./hashes.js";
import { SLACK, attempt, prove } from "./heads.js";
import { verifyEd25519 } from "./keys.js";
import {
  countedEntry, identityBinding, linkEntry, linkMessage, nullifier, receivedEntry,
} from "./opening.js";

// Fields of a D leaf, and of an L leaf (log spec, section 2).
const [ORGS, CLASS, HOLDER, IDENTITY] = [2, 3, 5, 6];
const [COMMITMENT, LEGAL_NAME, BIRTH_DATE, SIGNATURE] = [2, 3, 4, 5];
const [CARRIED_OVER, CLASS_WITHHELD, WITHHELD] = [0x80, 7, 0xff];
const KINDS = new Map([[0, 0], [1, 1], [2, 2], [3, 2]]);

/**
 * @typedef {{kind: "proven" | "stated" | "follow", reason: string, received: number | null,
 *   linked: number | null, witnessed: boolean, countedIndex: bigint | null,
 *   orgsProven: boolean}} Dates
 * @typedef {import("./claims.js").Claims} Claims
 * @typedef {import("./bundle.js").Bundle} Bundle
 */

/**
 * @param {Claims} claims @param {import("./proof.js").CertificateProof | null} proof
 * @param {Bundle} bundle @returns {Dates}
 */
export function checkProof(claims, proof, bundle) {
  if (claims.received === null) return said(claims, "follow", "dates_follow");
  if (proof === null || claims.commitments === null) return said(claims, "stated", "dates_stated");
  const orgsProven = checkDeclared(claims, proof, bundle);
  const received = proveReceived(claims, proof, bundle);
  const counted = proveCounted(claims, proof, bundle);
  const linked = proveLinked(claims, proof, bundle);
  const heads = [received, ...(counted ? [counted] : []), linked];
  const otherWitnesses = [claims.received, claims.linked]
    .some((each) => each.witnessed !== bundle.policy.needsWitnesses);
  if (otherWitnesses || heads.some((head) => head.day === null)) {
    return said(claims, "stated", "policy_changed");
  }
  const days = [isDay(claims.received, received), isDay(claims.linked, linked)];
  if (days.includes(false)) return said(claims, "stated", "policy_changed");
  const countedIndex = proof.counted ? proof.counted.index : null;
  const reason = bundle.policy.needsWitnesses ? "dates_proven" : "dates_by_clock";
  return { ...said(claims, "proven", reason), countedIndex, orgsProven };
}

function said(claims, kind, reason) {
  const days = [claims.received, claims.linked].filter((each) => each !== null);
  return {
    kind,
    reason,
    received: claims.received?.day ?? null,
    linked: claims.linked?.day ?? null,
    witnessed: days.length > 0 && days.every((each) => each.witnessed),
    countedIndex: null,
    orgsProven: false,
  };
}

/**
 * Say whether today's policy gives the day that is said. Another policy may have given a later one,
 * which is true all the same, or another side of midnight; an earlier one contradicts.
 */
function isDay({ day }, head) {
  require(day >= head.day - SLACK, "proof_day");
  return day === head.day;
}

/** Check the opening of D; say whether it shows the organisations. */
function checkDeclared(claims, proof, bundle) {
  const opening = proof.dOpening;
  attempt("proof_leaf", () => opening.verify(bundle.origin, claims.commitments[0]));
  const shown = opening.shown.map(({ j }) => j).filter((j) => j !== ORGS);
  const wanted = claims.bound ? [CLASS, HOLDER, IDENTITY] : [CLASS, HOLDER];
  require(shown.join() === wanted.join(), "proof_fields");
  const kind = KINDS.get(byte(opening, CLASS) & ~CARRIED_OVER);
  require(kind === claims.declaredAs.kind, "proof_declared");
  if (opening.shows(ORGS)) require(byte(opening, ORGS) === claims.orgs, "proof_orgs");
  return opening.shows(ORGS);
}

function proveReceived(claims, { received }, bundle) {
  const { index, count, path } = received;
  const entry = attempt("proof_received", () => {
    const root = rootOfPath(leafHash(claims.commitments[0]), index, count, path);
    return receivedEntry(count, root);
  });
  return prove(entry, received.proof, bundle, "proof_received");
}

/** Check that D is in the log, if the proof says so: as it is, or with bytes withheld. */
function proveCounted(claims, { dOpening, counted }, bundle) {
  if (counted === null) return null;
  require(dOpening.shows(ORGS), "proof_counted");
  const [orgs, class_] = [byte(dOpening, ORGS), byte(dOpening, CLASS)];
  const known = orgs <= 7 || orgs === WITHHELD;
  require(known && KINDS.has(class_ & ~CARRIED_OVER), "proof_counted");
  let refused;
  for (const o of [orgs, WITHHELD]) {
    for (const c of [class_, CLASS_WITHHELD | (class_ & CARRIED_OVER)]) {
      try {
        const entry = countedEntry(o, c, claims.commitments[0]);
        return prove(entry, counted, bundle, "proof_counted");
      } catch (error) {
        if (error.code !== "proof_counted") throw error;
        refused = error;
      }
    }
  }
  throw refused;
}

function proveLinked(claims, proof, bundle) {
  const { lOpening, dOpening } = proof;
  const [d, l] = claims.commitments;
  attempt("proof_leaf", () => lOpening.verify(bundle.origin, l));
  const shown = lOpening.shown.map(({ j }) => j);
  const needed = [COMMITMENT, LEGAL_NAME, BIRTH_DATE, SIGNATURE];
  require(shown.join() === needed.join(), "proof_fields");
  const birthDate = isoDay(claims.birthDate).replaceAll("-", "");
  require(equal(lOpening.value(LEGAL_NAME), utf8(claims.latinName)), "proof_person");
  require(equal(lOpening.value(BIRTH_DATE), utf8(birthDate)), "proof_person");
  require(equal(lOpening.value(COMMITMENT), d), "proof_link");
  const holder = dOpening.value(HOLDER);
  const message = linkMessage(d, claims.latinName, birthDate);
  require(verifyEd25519(lOpening.value(SIGNATURE), message, holder), "proof_link");
  checkBinding(claims, proof, birthDate);
  return prove(linkEntry(l, nullifier(d, holder)), proof.link, bundle, "proof_link");
}

/** Check that the name was bound on the first day, just where the certificate says it. */
function checkBinding(claims, { dOpening, identityKey }, birthDate) {
  require(claims.bound === (identityKey !== null), "proof_binding");
  if (identityKey === null) return;
  const binding = identityBinding(identityKey, claims.latinName, birthDate);
  require(equal(dOpening.value(IDENTITY), binding), "proof_binding");
}

function byte(opening, j) {
  const value = opening.value(j);
  require(value.length === 1, "proof_fields");
  return value[0];
}
