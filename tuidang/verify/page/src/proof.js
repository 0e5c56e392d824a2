// SPDX-License-Identifier: Apache-2.0
/**
 * The proof that travels inside a certificate: an offline proof of the L entry, with what belongs
 * to D and R in its `extra` bytes. Rules are those of `pure/credential/proof.py`.
 *
 * Nothing here is verified, and nothing in `extra` may be shown or believed before it is.
 */

import { Refused, fromBase64, fromUtf8, require, utf8 } from "./bytes.js";
import { Opening } from "./opening.js";
import { parseTlogProof } from "./tlogproof.js";

const MAX_SIZE = 200_000;
const KEYS = "d,d_proof,identity_key,l,r,v";
const RECEIVED_KEYS = "count,index,path,proof";

/**
 * @typedef {import("./tlogproof.js").TlogProof} TlogProof
 * @typedef {{index: bigint, count: bigint, path: Uint8Array[], proof: TlogProof}} ReceivedPath
 * @typedef {{link: TlogProof, dOpening: Opening, lOpening: Opening, received: ReceivedPath,
 *   counted: TlogProof | null, identityKey: Uint8Array | null}} CertificateProof
 */

/** @param {Uint8Array} data @returns {CertificateProof} */
export function parseProof(data) {
  require(data.length <= MAX_SIZE, "proof_too_long", "more bytes than a proof has");
  try {
    const link = parseTlogProof(data);
    require(link.extra, "proof_no_extra", "a proof of something else");
    const text = fromUtf8(link.extra);
    const found = JSON.parse(text);
    require(found.v === 1, "proof_version", "a version that is not known here");
    require(compact(found) === text, "proof_not_canonical", "a proof in a second spelling");
    return read(link, found);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused("proof_malformed", "not the proof of a certificate");
  }
}

function read(link, found) {
  const { r } = found;
  require(Object.keys(found).join() === KEYS, "proof_malformed");
  require(Object.keys(r).join() === RECEIVED_KEYS, "proof_malformed");
  const inside = Number.isInteger(r.index) && r.index >= 0 && r.index < r.count;
  require(inside && Number.isInteger(r.count) && r.count < 2 ** 32, "proof_range");
  const path = r.path.map(fromBase64);
  const fits = path.length <= 63 && path.every((each) => each.length === 32);
  require(fits, "proof_range", "a path that no tree of a day has");
  const identityKey = found.identity_key === null ? null : fromBase64(found.identity_key);
  require(identityKey === null || identityKey.length === 32, "proof_range");
  return {
    link,
    dOpening: Opening.fromJson(compact(found.d)),
    lOpening: Opening.fromJson(compact(found.l)),
    received: {
      index: BigInt(r.index), count: BigInt(r.count), path, proof: plainProof(r.proof),
    },
    counted: found.d_proof === null ? null : plainProof(found.d_proof),
    identityKey,
  };
}

function plainProof(text) {
  require(typeof text === "string", "proof_malformed");
  const proof = parseTlogProof(utf8(text));
  require(proof.extra === null, "proof_malformed", "a proof within a proof");
  return proof;
}

/** JSON in its one spelling: sorted keys, no spaces. */
function compact(value) {
  return JSON.stringify(value, (_, each) => {
    if (each === null || typeof each !== "object" || Array.isArray(each)) return each;
    return Object.fromEntries(Object.keys(each).sort().map((key) => [key, each[key]]));
  });
}
