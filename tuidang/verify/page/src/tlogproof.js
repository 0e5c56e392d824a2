// SPDX-License-Identifier: Apache-2.0
/**
 * Offline proofs in one file: index, path and signed checkpoint (c2sp.org/tlog-proof@v1).
 *
 * The `extra` bytes are not authenticated: nothing that they say counts before the leaf that was
 * rebuilt from them is proven.
 */

import { MAX_SIZE, fromBase64, fromDecimal, fromUtf8, require, utf8 } from "./bytes.js";
import { splitNote } from "./notes.js";

const HEADER = "c2sp.org/tlog-proof@v1";
const MAX_HASHES = 63;

/**
 * @typedef {{index: bigint, hashes: Uint8Array[], checkpoint: Uint8Array,
 *   extra: Uint8Array | null}} TlogProof
 */

/** @param {Uint8Array} data @returns {TlogProof} nothing is verified yet */
export function parseTlogProof(data) {
  const text = fromUtf8(data);
  const cut = text.indexOf("\n\n");
  require(cut >= 0, "proof_header", "not an offline proof");
  const lines = text.slice(0, cut).split("\n");
  require(lines.shift() === HEADER, "proof_header", "not an offline proof");
  const extra = take(lines, "extra ");
  const index = take(lines, "index ");
  require(index !== null, "proof_index", "the proof names no index");
  const hashes = lines.map(fromBase64);
  require(hashes.length <= MAX_HASHES, "proof_range");
  require(hashes.every((each) => each.length === 32), "hash_length");
  const checkpoint = utf8(text.slice(cut + 2));
  splitNote(checkpoint);
  return {
    index: fromDecimal(index, MAX_SIZE - 1n),
    hashes,
    checkpoint,
    extra: extra === null ? null : fromBase64(extra),
  };
}

function take(lines, label) {
  return lines.length && lines[0].startsWith(label) ? lines.shift().slice(label.length) : null;
}
