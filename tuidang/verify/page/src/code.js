// SPDX-License-Identifier: Apache-2.0
/**
 * The code on the face of a certificate: an address, a decimal number, or `TD1:` and base45
 * (RFC 9285). Reading must never follow an address nor look at its host: whoever forges a paper
 * chooses the host. Rules and codes are those of `pure/credential/face_code.py`.
 */

import { require } from "./bytes.js";

const LEAD_BYTE = 1;
const MAX_DIGITS = 4000;
const MAX_URL = 300;
const TEXT_PREFIX = "TD1:";
// What may stand around a code: named here, since each language means something else by space.
const AROUND = /^[ \t\r\n\u00a0\u3000\ufeff]+|[ \t\r\n\u00a0\u3000\ufeff]+$/g;
const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** @param {string} text @returns {Uint8Array} the COSE bytes; nothing is verified */
export function readCode(text) {
  let trimmed = text.replace(AROUND, "");
  require([...trimmed].length <= MAX_URL + MAX_DIGITS, "code_too_long");
  if (trimmed.startsWith(TEXT_PREFIX)) return fromText(trimmed.slice(TEXT_PREFIX.length));
  if (trimmed.slice(0, 8).toLowerCase() === "https://") {
    const cut = trimmed.indexOf("#");
    trimmed = cut < 0 ? "" : trimmed.slice(cut + 1);
  }
  return fromDigits(trimmed);
}

function fromDigits(digits) {
  require(/^[0-9]+$/.test(digits), "code_unreadable", "not the code of a certificate");
  require(digits.length <= MAX_DIGITS, "code_too_long", "more digits than a certificate has");
  require(digits[0] !== "0", "leading_zero", "the number begins with a zero");
  const hex = BigInt(digits).toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  const data = Uint8Array.from(even.match(/../g), (pair) => parseInt(pair, 16));
  require(data[0] === LEAD_BYTE, "lead_byte", "a code of another kind or version");
  return data.slice(1);
}

function fromText(encoded) {
  const data = decodeBase45(encoded);
  return data[0] === LEAD_BYTE ? data.slice(1) : data;
}

/** @param {string} text @returns {Uint8Array} the bytes that encode to exactly this text */
export function decodeBase45(text) {
  const data = [];
  for (let start = 0; start < text.length; start += 3) {
    const digits = Array.from(text.slice(start, start + 3), (char) => BASE45.indexOf(char));
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    const size = digits.length - 1;
    require(!digits.includes(-1) && size > 0 && value < 256 ** size, "base45", "not base45");
    if (size === 2) data.push(value >> 8);
    data.push(value & 255);
  }
  return Uint8Array.from(data);
}
