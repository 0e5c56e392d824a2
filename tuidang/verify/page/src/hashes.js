// SPDX-License-Identifier: Apache-2.0
/**
 * The hashes of the log (RFC 6962 section 2.1) and walks along a Merkle tree.
 *
 * They come from a library and not from the browser: `crypto.subtle` is missing where a page was
 * opened over plain HTTP, and the answer must not wait for promises.
 */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, require } from "./bytes.js";

export { sha256 };

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** @param {Uint8Array} key @param {Uint8Array} message */
export function hmacSha256(key, message) {
  return hmac(sha256, key, message);
}

/** @param {Uint8Array} entry @returns {Uint8Array} */
export function leafHash(entry) {
  return sha256(concat(LEAF, entry));
}

/** @param {Uint8Array} left @param {Uint8Array} right @returns {Uint8Array} */
export function nodeHash(left, right) {
  return sha256(concat(NODE, left, right));
}

/**
 * Return the root to which a path leads (RFC 9162 section 2.1.3.2); the caller compares it.
 *
 * @param {Uint8Array} leaf its hash
 * @param {bigint} index
 * @param {bigint} size
 * @param {Uint8Array[]} path the leaf's sibling first
 * @returns {Uint8Array}
 */
export function rootOfPath(leaf, index, size, path) {
  require(index >= 0n && index < size, "index_outside_tree", "leaf index outside the tree");
  require([leaf, ...path].every((each) => each.length === 32), "hash_length");
  let [position, last, result] = [index, size - 1n, leaf];
  for (const sibling of path) {
    require(last !== 0n, "proof_too_long", "inclusion proof too long");
    if (position & 1n || position === last) {
      result = nodeHash(sibling, result);
      // The last node of a level may have been promoted without a sibling.
      while (!(position & 1n) && position !== 0n) {
        position >>= 1n;
        last >>= 1n;
      }
    } else {
      result = nodeHash(result, sibling);
    }
    position >>= 1n;
    last >>= 1n;
  }
  require(last === 0n, "proof_too_short", "inclusion proof too short");
  return result;
}

/**
 * Check that a leaf stands at `index` in the tree of `size` leaves and this root.
 *
 * @param {Uint8Array} leaf @param {bigint} index @param {bigint} size
 * @param {Uint8Array[]} path @param {Uint8Array} root
 */
export function verifyInclusion(leaf, index, size, path, root) {
  const reached = rootOfPath(leaf, index, size, path);
  require(equal(reached, root), "root_differs", "inclusion proof leads to another root");
}
