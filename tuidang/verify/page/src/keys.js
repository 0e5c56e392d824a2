// SPDX-License-Identifier: Apache-2.0
/**
 * Keys with names, and whether a line below a note was made by one (C2SP signed-note v1.0.0 and
 * tlog-cosignature v1.0.1). Nothing here decides whom to trust.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";
import {
  MAX_SIZE, concat, equal, fromBase64, fromDecimal, hex, require, toBytes, toNumber, utf8,
} from "./bytes.js";
import { sha256 } from "./hashes.js";

export const ED25519 = 1;
export const COSIGNATURE = 4;
export const ML_DSA_44 = 6;
const KEY_SIZES = { [ED25519]: 32, [COSIGNATURE]: 32, [ML_DSA_44]: 1312 };

const P = 2n ** 255n - 19n;
// The y of every point whose order divides 8: under such a key one signature fits many messages.
const SMALL_ORDER = new Set([
  0n,
  1n,
  P - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);

/**
 * @typedef {{name: string, kind: number, publicKey: Uint8Array, id: string, vkey: string}} Key
 * @typedef {{name: string, id: string, signature: Uint8Array}} Line
 */

/** @param {string} name */
export function checkName(name) {
  // What Python calls a space; the separators 1C to 1F are control characters here.
  const bad = /[\s\x85+\x00-\x1f]/u.test(name.replaceAll("\ufeff", ""));
  require(name !== "" && !bad, "key_name", "not the name of a key");
}

/** @param {string} vkey @param {number[]} kinds @returns {Key} */
export function parseKey(vkey, kinds) {
  require(typeof vkey === "string", "key_type");
  const [name, id, ...rest] = vkey.split("+");
  const data = fromBase64(rest.join("+"));
  checkName(name);
  require(data.length > 0 && KEY_SIZES[data[0]] === data.length - 1, "key_type");
  require(kinds.includes(data[0]), "key_type", "not a key of the expected kind");
  const expected = hex(sha256(concat(utf8(name), Uint8Array.of(10), data))).slice(0, 8);
  require(id === expected, "key_id", "key id and key do not belong together");
  return { name, kind: data[0], publicKey: data.slice(1), id, vkey };
}

/** @param {Key} key */
export function refuseSmallOrder(key) {
  if (key.kind === ML_DSA_44) return;
  const y = littleEndian(key.publicKey) & (2n ** 255n - 1n);
  require(y < P && !SMALL_ORDER.has(y), "key_small_order", "a key of small order");
}

/**
 * Return the time of a line that holds, or null if it has none; refuses a line that fails.
 *
 * @param {Key} key @param {string} text @param {Line} line @returns {bigint | null}
 */
export function verifyLine(key, text, line) {
  if (key.kind === ED25519) {
    require(verifyEd25519(line.signature, utf8(text), key.publicKey), "signature_invalid");
    return null;
  }
  const time = toNumber(line.signature.slice(0, 8));
  require(time > 0n && time <= MAX_SIZE, "time_out_of_range");
  const signature = line.signature.slice(8);
  const holds = key.kind === COSIGNATURE
    ? verifyEd25519(signature, utf8(`cosignature/v1\ntime ${time}\n${text}`), key.publicKey)
    : verifyMlDsa(signature, subtreeMessage(key.name, text, time), key.publicKey);
  require(holds, "signature_invalid", "the line of a known key fails");
  return time;
}

/** @param {Uint8Array} signature @param {Uint8Array} message @param {Uint8Array} key */
export function verifyEd25519(signature, message, key) {
  try {
    return signature.length === 64
      && ed25519.verify(signature, message, key, { zip215: false })
      && isExact(signature, message, key);
  } catch {
    return false;
  }
}

/**
 * RFC 8032 lets a verifier multiply by the cofactor, as the library does, or not, as the verifier
 * in Python: a signature made for the purpose would hold for one of them alone.
 */
function isExact(signature, message, key) {
  const [start, scalar] = [signature.slice(0, 32), littleEndian(signature.slice(32))];
  const { BASE, Fn } = ed25519.Point;
  const digest = Fn.create(littleEndian(sha512(concat(start, key, message))));
  const [whole, part] = [BASE.multiplyUnsafe(scalar), ed25519.Point.fromBytes(key)];
  return equal(whole.subtract(part.multiplyUnsafe(digest)).toBytes(), start);
}

function littleEndian(data) {
  return toNumber(data.slice().reverse());
}

function verifyMlDsa(signature, message, key) {
  try {
    return ml_dsa44.verify(signature, message, key);
  } catch {
    return false;
  }
}

/** What an ML-DSA cosigner signs for a whole checkpoint. */
function subtreeMessage(cosigner, text, time) {
  const [origin, size, root] = [...text.split("\n"), "", "", ""];
  const digest = fromBase64(root);
  require(digest.length === 32, "hash_length");
  const end = toBytes(fromDecimal(size, MAX_SIZE), 8);
  return concat(
    utf8("subtree/v1\n\0"), opaque(cosigner), toBytes(time, 8), opaque(origin), new Uint8Array(8),
    end, digest,
  );
}

function opaque(text) {
  const data = utf8(text);
  require(data.length > 0 && data.length < 256, "name_length");
  return concat(Uint8Array.of(data.length), data);
}

/** @param {Key} a @param {Key} b */
export function sameKey(a, b) {
  return a.name === b.name && a.kind === b.kind && equal(a.publicKey, b.publicKey);
}
