// SPDX-License-Identifier: Apache-2.0
/**
 * Status lists: two bits for each of 2^20 certificates (Token Status List, section 4). Reading
 * unpacks no more than a list can hold, whatever the compressed bytes claim. Rules and codes are
 * those of `pure/credential/status_list.py`.
 */

import { Unzlib } from "fflate";
import { Refused, concat, fromBase64Url, require, toNumber } from "./bytes.js";

const ENTRIES = 2 ** 20;
const SIZE = ENTRIES / 4;
const MAX_TEXT = 360_000;
const STEP = 256; // bytes unpacked at a time: at most a quarter of a megabyte comes out

/** @param {Uint8Array} list unpacked @param {number} index @returns {number} 0 to 3 */
export function readStatus(list, index) {
  require(index >= 0 && index < ENTRIES, "list_index", "no such entry");
  return (list[index >> 2] >> (2 * (index % 4))) & 3;
}

/** @param {string} data @returns {Uint8Array} 262,144 bytes */
export function unpackList(data) {
  require(data.length <= MAX_TEXT, "list_too_long", "more characters than a list has");
  let packed;
  try {
    packed = fromBase64Url(data);
  } catch {
    throw new Refused("list_base64", "not base64url");
  }
  const parts = unpacked(packed);
  const check = toNumber(packed.slice(-4));
  require(check === BigInt(adler32(parts)), "list_compression", "cut off, or something follows");
  require(!unpacksWithoutItsLastByte(packed), "list_compression", "something follows");
  require(parts.length === SIZE, "list_size", "the list has another number of entries");
  return parts;
}

function unpacked(packed) {
  const parts = [];
  let size = 0;
  const reader = new Unzlib((part) => {
    size += part.length;
    require(size <= SIZE, "list_size", "the list has another number of entries");
    parts.push(part.slice());
  });
  try {
    for (let at = 0; at < packed.length; at += STEP) {
      reader.push(packed.slice(at, at + STEP), at + STEP >= packed.length);
    }
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused("list_compression", "not a compressed list");
  }
  return concat(...parts);
}

/** A stream that ends where its checksum begins is cut off without the byte before that. */
function unpacksWithoutItsLastByte(packed) {
  try {
    unpacked(concat(packed.slice(0, -5), new Uint8Array(4)));
    return true;
  } catch {
    return false;
  }
}

/** RFC 1950 section 8.2; the unpacking library does not check it. */
function adler32(data) {
  let [a, b] = [1, 0];
  for (let at = 0; at < data.length; at += 1) {
    a += data[at];
    b += a;
    if (at % 2048 === 2047) [a, b] = [a % 65521, b % 65521];
  }
  return (b % 65521) * 65536 + (a % 65521);
}
