// SPDX-License-Identifier: Apache-2.0
/**
 * A certificate as PDF: is it, byte by byte, what the issuer signed. The order of the checks and
 * the codes are those of `verify/certificate/pdf.py`.
 *
 * The signature over the whole file is checked on the bare bytes, before anything reads the
 * document: a stranger's PDF never meets a PDF reader here.
 */

import { concat, require } from "./bytes.js";
import { sha256 } from "./hashes.js";
import { verifySignedData } from "./signeddata.js";

const CONTENTS_SIZE = 2048; // bytes kept for the signature container, which zeros fill up
const BYTE_RANGE = /\/ByteRange ?\[0 ([0-9]{1,9}) ([0-9]{1,9}) ([0-9]{1,9})\] *\/Contents ?</;
const REVISION = /[\r\n]startxref[\r\n]/g;
const REVISIONS = 2; // the page as it was set, and the signature
const CERTIFICATE = "certificate.cose";
const PROOF = "certificate.tlog-proof";

/** @param {Uint8Array} data @param {Uint8Array[]} certificates DER, one of which has signed */
export function checkPdf(data, certificates) {
  // One character for one byte, so that patterns can be looked for.
  const text = new TextDecoder("latin1").decode(data);
  const { digest, container } = signedParts(data, text);
  verifySignedData(container, digest, certificates);
  require((text.match(REVISION) ?? []).length === REVISIONS, "pdf_revisions");
}

/**
 * Return certificate and proof from what a PDF reader found attached.
 *
 * @param {{name: string, content: Uint8Array}[]} attached
 * @returns {{cose: Uint8Array, proof: Uint8Array | null}}
 */
export function chooseAttached(attached) {
  const names = attached.map((each) => each.name).sort();
  const known = [CERTIFICATE, `${CERTIFICATE},${PROOF}`].includes(names.join());
  require(known, "pdf_attachments");
  const find = (name) => attached.find((each) => each.name === name)?.content ?? null;
  return { cose: find(CERTIFICATE), proof: find(PROOF) };
}

/** Return the SHA-256 of all that must be signed, and the signature container. */
function signedParts(data, text) {
  const signatures = text.split("/ByteRange").length - 1;
  require(signatures > 0, "pdf_not_signed");
  require(signatures === 1, "pdf_second_signature");
  const found = BYTE_RANGE.exec(text);
  require(found, "pdf_signature_form");
  const [start, end, rest] = found.slice(1).map(Number);
  require(end + rest === data.length, "pdf_added_to");
  const opens = start === found.index + found[0].length - 1;
  require(opens && end - start === 2 * CONTENTS_SIZE + 2, "pdf_signature_form");
  require(text[end - 1] === ">", "pdf_signature_form");
  const digest = sha256(concat(data.subarray(0, start), data.subarray(end)));
  return { digest, container: containerOf(text.slice(start + 1, end - 1)) };
}

/** Return the container from lower-case digits; nothing but zeros may follow it. */
function containerOf(digits) {
  require(/^3082[0-9a-f]*$/.test(digits), "pdf_signature_form");
  const padded = Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
  const size = 4 + padded[2] * 256 + padded[3];
  require(padded.slice(size).every((byte) => byte === 0), "pdf_signature_form");
  return padded.slice(0, size);
}
