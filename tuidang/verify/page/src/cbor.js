// SPDX-License-Identifier: Apache-2.0
/**
 * Deterministic CBOR, as little of it as certificates need, with exactly one spelling
 * (RFC 8949 section 4.2.1). The rules and the codes are those of `pure/credential/cbor.py`.
 *
 * It meets hostile bytes before any signature is checked: it must never guess, allocate by a
 * stated length, or leave a byte unread.
 */

import { Refused, concat, fromUtf8, require, toBytes } from "./bytes.js";

const COSE_SIGN1 = 18n;
const MAX_DEPTH = 6;
const MAX_SIZE = 4096;
const [UINT, NEGATIVE, BYTES, TEXT, ARRAY, MAP, SIMPLE] = [0, 1, 2, 3, 4, 5, 7];
const CONSTANTS = new Map([[0xf4, false], [0xf5, true], [0xf6, null]]);

/** A value under tag 18, the only tag we know. */
export class Tagged {
  /** @param {unknown} value */
  constructor(value) {
    this.value = value;
  }
}

/**
 * Return the value whose one encoding is exactly these bytes.
 *
 * Numbers come as Number where they are safe in it, as BigInt otherwise; maps as Map.
 *
 * @param {Uint8Array} data @returns {unknown}
 */
export function decode(data) {
  require(data.length <= MAX_SIZE, "too_long", "more bytes than a certificate has");
  const reader = new Reader(data);
  const value = reader.read(0);
  require(reader.at === data.length, "trailing_bytes", "there are bytes after the end");
  return value;
}

class Reader {
  /** @param {Uint8Array} data */
  constructor(data) {
    this.data = data;
    this.at = 0;
  }

  read(depth) {
    require(this.at < this.data.length, "truncated", "the data end in the middle of an item");
    const first = this.data[this.at];
    if (CONSTANTS.has(first)) {
      this.at += 1;
      return CONSTANTS.get(first);
    }
    const [major, argument] = this.#head();
    if (major === BYTES) return this.#take(argument);
    if (major === TEXT) return fromUtf8(this.#take(argument));
    if (major === UINT) return plain(argument);
    if (major === NEGATIVE) return plain(-1n - argument);
    require(depth < MAX_DEPTH, "too_deep", "containers in containers in containers");
    if (major === ARRAY) return this.#array(argument, depth + 1);
    if (major === MAP) return this.#map(argument, depth + 1);
    require(argument === COSE_SIGN1, "unknown_tag", "a tag other than COSE_Sign1");
    return new Tagged(this.read(depth + 1));
  }

  /** @returns {[number, bigint]} major type and argument; `at` is then where the content begins */
  #head() {
    const [major, info] = [this.data[this.at] >> 5, this.data[this.at] & 31];
    if (major === SIMPLE) {
      throw new Refused(info >= 25 && info <= 27 ? "floats" : "simple_value");
    }
    this.at += 1;
    if (info < 24) return [major, BigInt(info)];
    if (info > 27) {
      const indefinite = info === 31 && [BYTES, TEXT, ARRAY, MAP].includes(major);
      throw new Refused(indefinite ? "indefinite_length" : "reserved_head");
    }
    const size = 1 << (info - 24);
    require(this.at + size <= this.data.length, "truncated");
    let argument = 0n;
    for (const byte of this.data.subarray(this.at, this.at + size)) {
      argument = (argument << 8n) | BigInt(byte);
    }
    this.at += size;
    const least = size === 1 ? 24n : 1n << BigInt(4 * size);
    require(argument >= least, "not_shortest", "a length is not in its shortest form");
    return [major, argument];
  }

  /** Check that so many bytes, or items of one byte at least, are left. */
  #left(length) {
    if (BigInt(this.at) + length <= BigInt(this.data.length)) return Number(length);
    throw new Refused(length > BigInt(MAX_SIZE) ? "huge_length" : "truncated");
  }

  #take(argument) {
    const length = this.#left(argument);
    this.at += length;
    return this.data.slice(this.at - length, this.at);
  }

  #array(argument, depth) {
    const items = [];
    for (let left = this.#left(argument); left > 0; left -= 1) items.push(this.read(depth));
    return items;
  }

  #map(argument, depth) {
    const items = new Map();
    const written = [];
    for (let left = this.#left(argument); left > 0; left -= 1) {
      const start = this.at;
      const key = this.read(depth);
      written.push([key, this.data.slice(start, this.at)]);
      items.set(key, this.read(depth));
    }
    const known = written.every(([key]) => ["number", "bigint", "string"].includes(typeof key));
    require(known, "key_type", "a key is neither a number nor a text");
    require(items.size === written.length, "duplicate_keys", "a map has a key twice");
    for (let at = 1; at < written.length; at += 1) {
      const inOrder = isBefore(written[at - 1][1], written[at][1]);
      require(inOrder, "keys_unordered", "the keys of a map are not in order");
    }
    return items;
  }
}

function plain(value) {
  return BigInt.asIntN(53, value) === value ? Number(value) : value;
}

function isBefore(a, b) {
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    if (a[at] !== b[at]) return a[at] < b[at];
  }
  return a.length < b.length;
}

/** @param {Uint8Array} data @returns {Uint8Array} the encoding of a byte string */
export function encodeBytes(data) {
  const width = [1, 2, 4].find((each) => data.length < 256 ** each);
  const head = data.length < 24
    ? Uint8Array.of(0x40 | data.length)
    : concat(Uint8Array.of(0x58 + Math.log2(width)), toBytes(data.length, width));
  return concat(head, data);
}
