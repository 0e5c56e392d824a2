// SPDX-License-Identifier: Apache-2.0
/**
 * The trust bundle: whom to believe, as of a day (certificates spec, section 3). It is a note
 * signed by the log; the rules are those of `verify/trust.py` and `verify/certificate/trust.py`.
 *
 * A bundle misread is a forged paper believed, so anything that is not exactly one is refused.
 */

import { MAX_SIZE, Refused, fromBase64, require } from "./bytes.js";
import { issuerOf } from "./cose.js";
import { fromIsoDay } from "./days.js";
import {
  COSIGNATURE, ED25519, ML_DSA_44, parseKey, refuseSmallOrder, sameKey,
} from "./keys.js";
import { openNote } from "./notes.js";
import { parsePolicy } from "./policy.js";
import { unpackList } from "./statuslist.js";

const MAX_BUNDLE = 1_000_000;
const FRESH_DAYS = 30;

/** @typedef {{since: number, until: number | null}} Period days, both included */

export class Bundle {
  /** @param {Record<string, any>} found the JSON, signed by `log` @param {Key} log */
  constructor(found, log) {
    require(found.version === 1, "bundle_version", "a version that this page does not know");
    require(Number.isSafeInteger(found.sequence) && found.sequence > 0, "bundle_sequence");
    require(found.origin === log.name, "bundle_origin");
    this.sequence = found.sequence;
    this.issued = fromIsoDay(found.issued);
    this.log = log;
    this.origin = log.name;
    this.clock = found.clock_vkey ? cosigner(found.clock_vkey) : null;
    this.witnesses = found.witnesses.map((e) => ({ key: cosigner(e.vkey), period: period(e) }));
    this.policy = policyOf(found.policy, log, this.clock, this.witnesses);
    this.batches = batchesOf(found.batches);
    this.issuers = issuersOf(found.issuers);
    this.certificates = found.pades_certificates.map(fromPem);
    this.lists = listsOf(found.status_lists);
    require(typeof found.verify_host === "string", "bundle_verify_host");
    this.verifyHost = found.verify_host;
  }

  /** The keys whose lines on a checkpoint are checked. */
  get keys() {
    const witnesses = this.policy.witnesses.map((each) => each.key);
    return [this.log, ...(this.clock ? [this.clock] : []), ...witnesses];
  }

  /** Say whether a cosignature of this day is by a key that was a witness, or is the clock. */
  counts(key, day) {
    if (this.clock && sameKey(key, this.clock)) return true;
    const witness = this.witnesses.findLast((each) => sameKey(each.key, key));
    return witness !== undefined && holds(witness.period, day);
  }

  /** @param {number} today a day ahead is a time zone */
  isFresh(today) {
    return today - this.issued >= -1 && today - this.issued <= FRESH_DAYS;
  }
}

/** @param {Period} period @param {number} day */
export function holds(period, day) {
  return period.since <= day && (period.until === null || day <= period.until);
}

/**
 * @param {Uint8Array} data of `trust.note` @param {string | null} vkey the log's, if it is known
 * @returns {Bundle}
 */
export function readBundle(data, vkey) {
  require(data.length <= MAX_BUNDLE && data[0] === 0x7b, "bundle_malformed");
  try {
    const line = new TextDecoder().decode(data).split("\n", 1)[0];
    const found = JSON.parse(line);
    const log = parseKey(found.log_vkey, [ED25519]);
    refuseSmallOrder(log);
    require(vkey === null || log.vkey === vkey, "bundle_other_key", "signed by another key");
    require(openNote(data, [log]).text === `${line}\n`, "bundle_malformed");
    return new Bundle(found, log);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused("bundle_malformed", "not a trust bundle");
  }
}

function cosigner(vkey) {
  const key = parseKey(vkey, [COSIGNATURE, ML_DSA_44]);
  refuseSmallOrder(key);
  return key;
}

function period(row) {
  const until = row.until ?? null;
  return { since: fromIsoDay(row.from), until: until === null ? null : fromIsoDay(until) };
}

function policyOf(text, log, clock, witnesses) {
  require(typeof text === "string" && text !== "", "bundle_policy", "it names no policy");
  const policy = parsePolicy(text);
  const named = policy.logs.length === 0 || policy.logs.some((key) => sameKey(key, log));
  require(named, "bundle_policy", "the policy is for another log");
  const own = [log, clock, ...witnesses.map((each) => each.key)]
    .filter((key) => key && [log.name, `${log.name}/clock`].includes(key.name))
    .map((key) => key.publicKey.join());
  for (const { key } of policy.witnesses) {
    refuseSmallOrder(key);
    require(!own.includes(key.publicKey.join()), "bundle_policy", "a witness of itself");
    const known = witnesses.some((each) => sameKey(each.key, key));
    require(known, "bundle_policy", "a witness that the bundle does not know");
  }
  return policy;
}

function batchesOf(rows) {
  let before = { number: -1, size: -1n, day: -Infinity };
  return rows.map((row) => {
    const whole = Number.isSafeInteger(row.number) && Number.isSafeInteger(row.size);
    require(whole && row.number > before.number, "bundle_batches");
    const batch = {
      number: row.number, size: BigInt(row.size), root: fromBase64(row.root),
      day: fromIsoDay(row.date),
    };
    require(batch.size > before.size && batch.size <= MAX_SIZE, "bundle_batches");
    require(batch.day >= before.day && batch.root.length === 32, "bundle_batches");
    before = batch;
    return batch;
  });
}

function issuersOf(rows) {
  const issuers = new Map();
  for (const row of rows) {
    const issuer = issuerOf(row.jwk);
    require(kidText(issuer.kid) === row.kid, "bundle_issuers", "an id that is not its key's");
    issuers.set(issuer.kid, { ...issuer, period: period(row) });
  }
  require(issuers.size === rows.length, "bundle_issuers", "a key stands there twice");
  return issuers;
}

function kidText(kid) {
  const binary = kid.match(/../g).map((pair) => String.fromCharCode(parseInt(pair, 16))).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function listsOf(rows) {
  const sound = rows.every((row) => Number.isInteger(row.list) && typeof row.data === "string");
  const lists = new Map(rows.map((row) => [row.list, unpackList(row.data)]));
  require(sound && lists.size === rows.length, "bundle_lists");
  return lists;
}

function fromPem(pem) {
  const found = /^-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/
    .exec(pem);
  require(found, "bundle_certificates", "not a certificate");
  return fromBase64(found[1].replace(/\s/g, ""));
}

