// SPDX-License-Identifier: Apache-2.0
/**
 * The one signature container that the issuer of a PDF writes, and no other (RFC 5652, RFC 5035,
 * ETSI EN 319 142-1). As in `verify/certificate/signed_data.py` it is not parsed: it is written
 * again from what it must say, and must then be equal byte by byte, but for the signature itself.
 */

import { concat, equal, require } from "./bytes.js";
import { verifyEs256 } from "./cose.js";
import { sha256 } from "./hashes.js";

const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const DATA = fromHex("06092a864886f70d010701");
const SIGNED_DATA = fromHex("06092a864886f70d010702");
const CONTENT_TYPE = fromHex("06092a864886f70d010903");
const MESSAGE_DIGEST = fromHex("06092a864886f70d010904");
const SIGNING_CERTIFICATE_V2 = fromHex("060b2a864886f70d010910022f");
const ALGORITHM_PROTECTION = fromHex("06092a864886f70d010934");
const SHA256 = fromHex("300b0609608648016503040201");
const ES256 = fromHex("300a06082a8648ce3d040302");
// An elliptic key on P-256 in a certificate, before its uncompressed point.
const SPKI_HEAD = fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
const [SEQUENCE, SET, OCTETS, INTEGER, CONTEXT] = [0x30, 0x31, 0x04, 0x02, 0xa0];

/**
 * Check a container (DER) over a document with this SHA-256 digest.
 *
 * @param {Uint8Array} data @param {Uint8Array} digest @param {Uint8Array[]} certificates DER
 */
export function verifySignedData(data, digest, certificates) {
  const certificate = certificates.find((each) => contains(data, each));
  require(certificate, "pdf_signer_unknown");
  const signer = readCertificate(certificate);
  const signature = signatureAtEnd(data);
  const attributes = attributesOf(certificate, digest);
  const expected = signedData(signer, certificate, attributes, signature);
  require(equal(data, expected), "pdf_signature");
  require(verifyEs256(signature, attributes, signer.point, "der"), "pdf_signature");
}

function contains(data, part) {
  for (let at = 0; at + part.length <= data.length; at += 1) {
    if (data[at] === part[0] && equal(data.subarray(at, at + part.length), part)) return true;
  }
  return false;
}

/** Return issuer, serial number and key of a certificate of the bundle (RFC 5280). */
function readCertificate(certificate) {
  const [whole] = elements(certificate);
  const [tbs] = elements(whole.content);
  const [, serial, , issuer, , , spki] = elements(tbs.content);
  const key = spki.whole;
  const fits = key.length === 91 && equal(key.slice(0, 26), SPKI_HEAD) && key[26] === 4;
  require(fits, "pdf_signature", "not a key on P-256");
  return { issuer: issuer.whole, serial: serial.whole, point: key.slice(26) };
}

/** Cut DER into its elements; the certificate comes from the bundle, which is trusted. */
function elements(data) {
  const found = [];
  for (let at = 0; at < data.length;) {
    let [size, start] = [data[at + 1], at + 2];
    if (size >= 0x80) {
      const width = size & 0x7f;
      size = data.slice(start, start + width).reduce((sum, byte) => sum * 256 + byte, 0);
      start += width;
    }
    require(start + size <= data.length, "pdf_signature", "a certificate that is cut off");
    found.push({ whole: data.slice(at, start + size), content: data.slice(start, start + size) });
    at = start + size;
  }
  return found;
}

/** Return what stands at the end as the signature: an octet string with a sequence in it. */
function signatureAtEnd(data) {
  for (let size = 8; size < 73; size += 1) {
    const head = data.slice(data.length - size - 2, data.length - size + 2);
    if (equal(head, Uint8Array.of(OCTETS, size, SEQUENCE, size - 2))) return data.slice(-size);
  }
  return require(false, "pdf_signature");
}

/** Return what is signed: the attributes as a SET OF. */
function attributesOf(certificate, digest) {
  const fingerprint = element(OCTETS, sha256(certificate));
  const attributes = [
    attribute(CONTENT_TYPE, DATA),
    attribute(MESSAGE_DIGEST, element(OCTETS, digest)),
    attribute(SIGNING_CERTIFICATE_V2, sequence(sequence(sequence(fingerprint)))),
    attribute(ALGORITHM_PROTECTION, sequence(SHA256, Uint8Array.of(0xa1), ES256.slice(1))),
  ];
  return element(SET, ...attributes.sort(inOrder));
}

function inOrder(a, b) {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at < 0 ? a.length - b.length : a[at] - (b[at] ?? -1);
}

function signedData(signer, certificate, attributes, signature) {
  const one = element(INTEGER, Uint8Array.of(1));
  const info = sequence(
    one,
    sequence(signer.issuer, signer.serial),
    SHA256,
    Uint8Array.of(CONTEXT), // signed as a SET, carried as [0]
    attributes.slice(1),
    ES256,
    element(OCTETS, signature),
  );
  const content = sequence(
    one,
    element(SET, SHA256),
    sequence(DATA),
    element(CONTEXT, certificate),
    element(SET, info),
  );
  return sequence(SIGNED_DATA, element(CONTEXT, content));
}

function attribute(kind, value) {
  return sequence(kind, element(SET, value));
}

function sequence(...parts) {
  return element(SEQUENCE, ...parts);
}

/** One element of DER (X.690). */
function element(tag, ...parts) {
  const content = concat(...parts);
  if (content.length < 0x80) return concat(Uint8Array.of(tag, content.length), content);
  const length = [];
  for (let rest = content.length; rest > 0; rest >>= 8) length.unshift(rest & 255);
  return concat(Uint8Array.of(tag, 0x80 | length.length, ...length), content);
}
