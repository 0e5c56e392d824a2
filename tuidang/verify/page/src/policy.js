// SPDX-License-Identifier: Apache-2.0
/**
 * Policies: which logs, which witnesses, and how many of them make a checkpoint valid
 * (draft c2sp.org/tlog-policy), and the date that follows from cosignatures.
 *
 * What is not exactly a policy is refused: a policy misread is a policy weakened.
 */

import { Refused, fromDecimal, require } from "./bytes.js";
import { COSIGNATURE, ED25519, ML_DSA_44, parseKey, sameKey } from "./keys.js";

const MAX_POLICY = 1_000_000;
const MAX_OF_EACH = 256;
const NONE = "none";

/**
 * @typedef {import("./keys.js").Key} Key
 * @typedef {{name: string, key: Key}} Witness
 * @typedef {{name: string, needed: number, members: string[]}} Group
 */

export class Policy {
  /**
   * @param {Key[]} logs @param {Witness[]} witnesses @param {Group[]} groups
   * @param {string} quorum its name, or none
   */
  constructor(logs, witnesses, groups, quorum) {
    Object.assign(this, { logs, witnesses, groups, quorum });
  }

  get needsWitnesses() {
    return this.quorum !== NONE;
  }

  /** @param {Key[]} keys those that have signed */
  satisfiedBy(keys) {
    const signed = this.witnesses.filter((each) => keys.some((key) => sameKey(key, each.key)));
    const holding = new Set([NONE, ...signed.map((each) => each.name)]);
    for (const group of this.groups) { // a group names only what was defined before it
      const found = group.members.filter((member) => holding.has(member)).length;
      if (found >= group.needed) holding.add(group.name);
    }
    return holding.has(this.quorum);
  }

  /**
   * Return the smallest time at which the lines up to then make the quorum, or null.
   *
   * @param {import("./notes.js").Verified[]} lines on checkpoints that cover what is dated
   * @param {Key} clock gives the time where there is no quorum
   * @returns {bigint | null} POSIX seconds
   */
  date(lines, clock) {
    const timed = lines.filter((line) => line.time !== null);
    timed.sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));
    if (!this.needsWitnesses) {
      return timed.find((line) => clock && sameKey(line.key, clock))?.time ?? null;
    }
    const signed = [];
    for (const { key, time } of timed) {
      signed.push(key);
      if (this.satisfiedBy(signed)) return time;
    }
    return null;
  }
}

/** @param {string} text @returns {Policy} */
export function parsePolicy(text) {
  require(text.length <= MAX_POLICY, "policy_too_long");
  require(/^[\t\n\x20-\x7e\x80-\uffff]*$/.test(text), "policy_byte");
  const lines = text.split("\n");
  require(lines.pop() === "", "policy_line_end", "the last line is cut off");
  const reader = new Reader();
  for (const line of lines) {
    const items = line.split(/[ \t]+/).filter((item) => item !== "");
    if (items.length && !items[0].startsWith("#")) reader.read(items);
  }
  require(reader.quorum !== null, "policy_quorum_missing", "the policy names no quorum");
  return new Policy(reader.logs, reader.witnesses, reader.groups, reader.quorum);
}

/** Takes the lines in order: a name must be defined before it is used. */
class Reader {
  logs = [];
  witnesses = [];
  groups = [];
  quorum = null;
  #names = new Set();
  #members = new Set();

  read([word, ...items]) {
    if (word === "log") this.#log(items);
    else if (word === "witness") this.#witness(items);
    else if (word === "group") this.#group(items);
    else if (word === "quorum") this.#quorum(items);
    else throw new Refused("policy_keyword", "neither log, witness, group nor quorum");
  }

  #log(items) {
    count(items, 1, 2);
    const key = parseKey(items[0], [ED25519]);
    once(key, this.logs);
    this.logs.push(key);
  }

  #witness(items) {
    count(items, 2, 3);
    const key = parseKey(items[1], [COSIGNATURE, ML_DSA_44]);
    once(key, this.witnesses.map((each) => each.key));
    this.#define(items[0]);
    this.witnesses.push({ name: items[0], key });
  }

  #group(items) {
    count(items, 3, 2 + 2 * MAX_OF_EACH);
    const [name, threshold, ...members] = items;
    for (const member of members) {
      require(this.#names.has(member), "policy_name_unknown");
      require(!this.#members.has(member), "policy_member_twice");
      this.#members.add(member);
    }
    this.#define(name);
    require(this.groups.length < MAX_OF_EACH, "policy_too_many");
    this.groups.push({ name, needed: neededOf(threshold, members.length), members });
  }

  #quorum(items) {
    count(items, 1, 1);
    require(this.quorum === null, "policy_quorum_twice", "a second quorum");
    require(items[0] === NONE || this.#names.has(items[0]), "policy_name_unknown");
    this.quorum = items[0];
  }

  #define(name) {
    require(!this.#names.has(name) && name !== NONE, "policy_name_taken");
    this.#names.add(name);
  }
}

function neededOf(threshold, members) {
  if (threshold === "any") return 1;
  if (threshold === "all") return members;
  const needed = Number(fromDecimal(threshold, BigInt(members)));
  require(needed > 0, "policy_threshold", "a group that nobody needs to sign for");
  return needed;
}

function count(items, least, most) {
  require(items.length >= least && items.length <= most, "policy_items");
}

function once(key, others) {
  require(others.length < MAX_OF_EACH, "policy_too_many");
  const again = others.some((other) => other.publicKey.join() === key.publicKey.join());
  require(!again, "policy_key_twice", "the same public key a second time");
}
