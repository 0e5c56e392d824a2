// SPDX-License-Identifier: Apache-2.0
/**
 * The certificate itself: claims in a COSE_Sign1, ES256, one spelling (RFC 9052, RFC 9053,
 * certificates spec section 3). The order of the checks and the codes are those of
 * `pure/credential/cose.py`.
 *
 * The algorithm is fixed and the key is found by the protected key id, never by trying. The
 * signature is checked before anybody reads what was signed.
 */

import { p256 } from "@noble/curves/nist.js";
import {
  Refused, concat, fromBase64Url, hex, require, toNumber, utf8,
} from "./bytes.js";
import { Tagged, decode, encodeBytes } from "./cbor.js";
import { fromMap } from "./claims.js";
import { sha256 } from "./hashes.js";

const MAX_SIZE = 1600;
const ES256 = -7;
const [ALGORITHM, KID] = [1, 4];
const HALF_ORDER = p256.Point.CURVE().n / 2n;
const SIGNED_HEAD = concat(Uint8Array.of(0x84, 0x6a), utf8("Signature1"));
// SubjectPublicKeyInfo of an uncompressed point on P-256, before the point (RFC 5480).
const SPKI_HEAD = Uint8Array.of(
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
  0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
);

/** @typedef {{kid: string, point: Uint8Array, fingerprint: string}} Issuer kid in hex */

/** @param {Record<string, unknown>} jwk @returns {Issuer} */
export function issuerOf(jwk) {
  require(jwk.kty === "EC" && jwk.crv === "P-256", "curve", "another curve than P-256");
  require(Object.keys(jwk).sort().join() === "crv,kty,x,y", "jwk_malformed");
  const [x, y] = [fromBase64Url(jwk.x), fromBase64Url(jwk.y)];
  require(x.length === 32 && y.length === 32, "jwk_malformed", "not a coordinate");
  const point = concat(Uint8Array.of(4), x, y);
  try {
    p256.Point.fromBytes(point).assertValidity();
  } catch {
    throw new Refused("point", "not a point on the curve");
  }
  const digest = hex(sha256(concat(SPKI_HEAD, point)));
  return { kid: digest.slice(0, 16), point, fingerprint: digest.match(/.{4}/g).join(" ") };
}

/**
 * Return what one of these issuers, by key id in hex, has signed.
 *
 * @param {Uint8Array} data @param {Map<string, Issuer>} issuers
 * @returns {{claims: import("./claims.js").Claims, issuer: Issuer}}
 */
export function openSigned(data, issuers) {
  require(data.length <= MAX_SIZE, "too_long", "more bytes than a certificate has");
  const [protectedHeader, payload, signature] = parts(decode(data));
  const kid = keyId(decode(protectedHeader));
  require(signature.length === 64, "signature_length", "not a signature of ES256");
  const issuer = issuers.get(kid);
  require(issuer, "unknown_issuer", "signed with a key that is not known here");
  verify(issuer, protectedHeader, payload, signature);
  return { claims: fromMap(decode(payload)), issuer };
}

function parts(found) {
  const fits = found instanceof Tagged && Array.isArray(found.value) && found.value.length === 4;
  require(fits, "not_cose", "not a COSE_Sign1");
  const [protectedHeader, unprotected, payload, signature] = found.value;
  const bytes = [protectedHeader, payload, signature].every((each) => each instanceof Uint8Array);
  require(bytes, "not_cose", "not a COSE_Sign1");
  require(unprotected instanceof Map && unprotected.size === 0, "unprotected_header");
  return [protectedHeader, payload, signature];
}

function keyId(header) {
  require(header instanceof Map, "protected_header", "the protected header is not a map");
  require(header.get(ALGORITHM) === ES256, "algorithm", "another algorithm than ES256");
  const kid = header.get(KID);
  const fits = header.size === 2 && kid instanceof Uint8Array && kid.length === 8;
  require(fits, "protected_header", "not algorithm and key id alone");
  return hex(kid);
}

function verify(issuer, protectedHeader, payload, signature) {
  require(toNumber(signature.slice(32)) <= HALF_ORDER, "high_s", "in its second form");
  const signed = concat(
    SIGNED_HEAD, encodeBytes(protectedHeader), Uint8Array.of(0x40), encodeBytes(payload),
  );
  const holds = verifyEs256(signature, signed, issuer.point, "compact");
  require(holds, "signature", "the signature does not fit what is said");
}

/**
 * @param {Uint8Array} signature @param {Uint8Array} message @param {Uint8Array} point
 * @param {"compact" | "der"} format
 */
export function verifyEs256(signature, message, point, format) {
  try {
    return p256.verify(signature, message, point, { lowS: false, prehash: true, format });
  } catch {
    return false;
  }
}
