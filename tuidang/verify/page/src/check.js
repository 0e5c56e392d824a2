// SPDX-License-Identifier: Apache-2.0
/**
 * The check itself: bytes and a bundle in, a verdict out, with the outcomes and reasons of
 * `verify/certificate/check.py`. It knows what kind of file it has by its first bytes, never by
 * its name, and never says valid for anything but what the issuer wrote.
 */

import { reasons } from "tuidang-words";
import { Refused, require } from "./bytes.js";
import { readCode } from "./code.js";
import { openSigned } from "./cose.js";
import { holds } from "./bundle.js";
import { checkProof } from "./dates.js";
import { isPageOf } from "./pagetext.js";
import { checkPdf, chooseAttached } from "./pdf.js";
import { parseProof } from "./proof.js";
import { pictureSize } from "./picturesize.js";
import { readStatus } from "./statuslist.js";

const MAX_FILE = 20_000_000;
const MAX_TEXT = 20_000;
const MAX_PIXELS = 64_000_000;
const MAX_SIDE = 65_535;
const MIN_SIDE = 60;
// Known, and not opened here: HEIC, WebP, TIFF, GIF.
const OTHER_PICTURES = /^(?:[^]{4}ftyp|RIFF[^]{4}WEBP|II\*\0|MM\0\*|GIF8)/;
const STATUS = new Map([[1, "revoked"], [3, "superseded"]]);
const CODES = {
  code_unreadable: "not_a_code",
  code_too_long: "code_too_long",
  leading_zero: "leading_zero",
  lead_byte: "code_damaged",
  base45: "code_damaged",
};
const AS_REASON = {
  too_long: "huge_length", protected_header: "not_canonical", signature_length: "signature",
};
const CBOR = [
  "truncated", "not_shortest", "indefinite_length", "reserved_head", "keys_unordered", "key_type",
  "floats", "simple_value", "unknown_tag", "too_deep", "utf8_invalid", "value_type",
  "integer_range",
];

/**
 * @typedef {import("./bundle.js").Bundle} Bundle
 * @typedef {{outcome: string, reason: string, via: string, bundleDay: number, fresh: boolean,
 *   claims: import("./claims.js").Claims | null, dates: import("./dates.js").Dates | null,
 *   fingerprint: string | null}} Verdict
 * @typedef {{pdf: () => Promise<{read: (data: Uint8Array) => Promise<{text: string,
 *   attached: {name: string, content: Uint8Array}[]} | null>}>,
 *   picture: () => Promise<{read: (data: Uint8Array) => Promise<{texts: string[],
 *   unclear: boolean} | null>}>}} Parts what reads PDFs and pictures, unpacked when asked for
 */

/**
 * @param {Uint8Array} data @param {Bundle} bundle @param {number} today @param {Parts} parts
 * @returns {Promise<Verdict>}
 */
export async function checkBytes(data, bundle, today, parts) {
  const via = kindOf(data);
  try {
    require(data.length <= MAX_FILE, "file_too_large");
    if (via === "pdf") return await checkPdfFile(data, bundle, today, await parts.pdf());
    const cose = via === "picture" ? await readPicture(data, parts) : data;
    return checkCose(via === "text" ? readText(data) : cose, bundle, today, via);
  } catch (error) {
    return refusal(error, bundle, via);
  }
}

/** @param {string} text @param {Bundle} bundle @param {number} today @returns {Verdict} */
export function checkText(text, bundle, today) {
  try {
    return checkCose(codeOf(text), bundle, today, "text");
  } catch (error) {
    return refusal(error, bundle, "text");
  }
}

/** @param {Uint8Array} cose what the camera saw @param {Bundle} bundle @param {number} today */
export function checkScanned(cose, bundle, today) {
  try {
    return checkCose(cose, bundle, today, "picture");
  } catch (error) {
    return refusal(error, bundle, "picture");
  }
}

/** @returns {Verdict} on bare COSE bytes, without a proof */
function checkCose(cose, bundle, today, via) {
  const opened = open(cose, bundle);
  return judge(opened, checkProof(opened.claims, null, bundle), bundle, today, via);
}

async function checkPdfFile(data, bundle, today, reader) {
  checkPdf(data, bundle.certificates);
  const found = await reader.read(data);
  require(found !== null, "pdf_unreadable");
  const { cose, proof } = chooseAttached(found.attached);
  const opened = open(cose, bundle);
  require((proof === null) === (opened.claims.commitments === null), "pdf_attachments");
  const dates = checkProof(opened.claims, proof === null ? null : readProof(proof), bundle);
  require(isPageOf(found.text, opened.claims), "pdf_face");
  return judge(opened, dates, bundle, today, "pdf");
}

function kindOf(data) {
  const begins = (...bytes) => bytes.every((byte, at) => data[at] === byte);
  if (begins(0x25, 0x50, 0x44, 0x46, 0x2d)) return "pdf";
  const png = begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  if (png || begins(0xff, 0xd8, 0xff)) return "picture";
  if (OTHER_PICTURES.test(new TextDecoder("latin1").decode(data.subarray(0, 12)))) return "picture";
  return begins(0xd2, 0x84) ? "cose" : "text";
}

function readText(data) {
  require(data.length <= MAX_TEXT, "file_unknown");
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch {
    throw new Refused("file_unknown");
  }
  return codeOf(text);
}

function codeOf(text) {
  try {
    return readCode(text);
  } catch (error) {
    throw new Refused(CODES[error.code] ?? "not_a_code");
  }
}

async function readPicture(data, parts) {
  const size = pictureSize(data);
  require(size !== null, "picture_unreadable");
  require(size.width * size.height <= MAX_PIXELS, "picture_too_large");
  require(Math.max(size.width, size.height) <= MAX_SIDE, "picture_too_large");
  require(Math.min(size.width, size.height) >= MIN_SIDE, "picture_too_small");
  const found = await (await parts.picture()).read(data);
  require(found !== null, "picture_unreadable");
  return chooseCode(found);
}

/** @returns {Uint8Array} the one certificate among the codes that were read */
export function chooseCode({ texts, unclear }) {
  const read = new Map();
  const refused = new Set();
  for (const text of new Set(texts)) {
    try {
      const cose = readCode(text);
      read.set(cose.join(), cose);
    } catch (error) {
      refused.add(error.code);
    }
  }
  require(read.size <= 1, "several_codes");
  if (read.size === 1) return [...read.values()][0];
  if (texts.length) {
    const zero = refused.size === 1 && refused.has("leading_zero");
    throw new Refused(zero ? "leading_zero" : "other_code");
  }
  throw new Refused(unclear ? "code_unclear" : "no_code");
}

function open(cose, bundle) {
  let opened;
  try {
    opened = openSigned(cose, bundle.issuers);
  } catch (error) {
    if (error instanceof Refused) throw new Refused(coseReason(error.code));
    throw error;
  }
  require(holds(opened.issuer.period, opened.claims.issued), "key_not_in_force");
  return opened;
}

function coseReason(code) {
  const known = CBOR.includes(code) ? "not_canonical" : AS_REASON[code] ?? code;
  return known in reasons ? known : "claims"; // those not named are of claims
}

function readProof(data) {
  try {
    return parseProof(data);
  } catch (error) {
    if (error instanceof Refused) throw new Refused("proof_unreadable");
    throw error;
  }
}

/** Look up the status, which alone can still speak against a genuine certificate. */
function judge({ claims, issuer }, dates, bundle, today, via) {
  const [number, index] = claims.status;
  const list = bundle.lists.get(number);
  const status = list === undefined ? 0 : readStatus(list, index);
  const reason = status === 0 ? dates.reason : STATUS.get(status) ?? "status_unknown";
  return {
    outcome: reasons[reason].outcome,
    reason,
    via,
    bundleDay: bundle.issued,
    fresh: list !== undefined && bundle.isFresh(today),
    claims,
    dates,
    fingerprint: issuer.fingerprint,
  };
}

function refusal(error, bundle, via) {
  if (!(error instanceof Refused) || !(error.code in reasons)) throw error;
  return {
    outcome: reasons[error.code].outcome, reason: error.code, via, bundleDay: bundle.issued,
    fresh: false, claims: null, dates: null, fingerprint: null,
  };
}
