// SPDX-License-Identifier: Apache-2.0
/**
 * Openings of leaves, and what binds a leaf to a legal name (log spec, sections 2 and 3).
 *
 * An opening keeps all six digests, so that fields may be left out and the commitment still be
 * recomputed. Its JSON has one spelling only.
 */

import {
  Refused, concat, equal, fromBase64, require, toBase64, toBytes, utf8,
} from "./bytes.js";
import { hmacSha256, sha256 } from "./hashes.js";

const FIELDS = 6;
const LINK = utf8("tuidang-link/v1\n");
const NULLIFIER = utf8("tuidang-nullifier/v1\n");

/** @typedef {{j: number, salt: Uint8Array, value: Uint8Array}} Shown */

export class Opening {
  /** @param {Uint8Array} salt @param {Uint8Array[]} digests @param {Shown[]} shown */
  constructor(salt, digests, shown) {
    Object.assign(this, { salt, digests, shown });
    const sizes = [salt.length, ...shown.map((field) => field.salt.length)];
    require(sizes.every((size, at) => size === (at ? 16 : 32)), "salt_size");
    require(digests.length === FIELDS && digests.every((d) => d.length === 32), "digest_size");
    require(
      shown.every(({ j }, at) => {
        const before = at ? shown[at - 1].j : 0;
        return Number.isInteger(j) && j > before && j <= FIELDS;
      }),
      "fields_out_of_order",
    );
  }

  /** @param {string} text @returns {Opening} the one whose JSON is exactly this text */
  static fromJson(text) {
    let found;
    try {
      found = JSON.parse(text);
      found = new Opening(
        fromBase64(found.salt),
        found.digests.map(fromBase64),
        found.shown.map((e) => ({ j: e.j, salt: fromBase64(e.salt), value: fromBase64(e.value) })),
      );
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw new Refused("opening_malformed", "not an opening");
    }
    require(found.json() === text, "opening_not_canonical", "an opening in a second spelling");
    return found;
  }

  /** @returns {string} compact JSON with sorted keys */
  json() {
    return JSON.stringify({
      digests: this.digests.map(toBase64),
      salt: toBase64(this.salt),
      shown: this.shown.map(({ j, salt, value }) => ({
        j, salt: toBase64(salt), value: toBase64(value),
      })),
    });
  }

  /** @param {number} j @returns {boolean} */
  shows(j) {
    return this.shown.some((field) => field.j === j);
  }

  /** @param {number} j @returns {Uint8Array} */
  value(j) {
    const field = this.shown.find((each) => each.j === j);
    require(field, "field_not_shown", `field ${j} is not shown`);
    return field.value;
  }

  /** @param {string} origin @returns {Uint8Array} */
  commitment(origin) {
    const name = utf8(origin);
    require(name.length >= 1 && name.length <= 255, "origin_length");
    const head = concat(utf8("tuidang-leaf/v1\n"), Uint8Array.of(name.length), name);
    return sha256(concat(head, this.salt, ...this.digests));
  }

  /** Check that this opens the commitment and that every shown value is true. */
  verify(origin, commitment) {
    require(equal(this.commitment(origin), commitment), "commitment_differs");
    for (const { j, salt, value } of this.shown) {
      const length = toBytes(value.length, 4);
      const head = concat(utf8("tuidang-field/v1\n"), Uint8Array.of(j), salt, length);
      require(equal(sha256(concat(head, value)), this.digests[j - 1]), "field_differs");
    }
  }
}

function person(legalName, birthDate) {
  return utf8(`${legalName}\0${birthDate}`);
}

/** @param {Uint8Array} key @param {string} legalName @param {string} birthDate YYYYMMDD */
export function identityBinding(key, legalName, birthDate) {
  return hmacSha256(key, person(legalName, birthDate));
}

/** What the holder of a D leaf signs to link it to a legal name. */
export function linkMessage(commitment, legalName, birthDate) {
  return concat(LINK, commitment, sha256(person(legalName, birthDate)));
}

/** The value that lets a D leaf be linked only once. */
export function nullifier(commitment, holderKey) {
  return sha256(concat(NULLIFIER, commitment, holderKey));
}

/** The D entry of one person counted (36 bytes). */
export function countedEntry(orgs, class_, commitment) {
  return concat(Uint8Array.of(1, orgs, class_, 0), commitment);
}

/** The L entry of a link to a legal name (68 bytes). */
export function linkEntry(commitment, nullified) {
  return concat(Uint8Array.of(5, 0, 0, 0), commitment, nullified);
}

/** The R entry over everything received on a day (40 bytes). */
export function receivedEntry(count, root) {
  return concat(Uint8Array.of(4, 0, 0, 0), toBytes(count, 4), root);
}

