// SPDX-License-Identifier: Apache-2.0
/**
 * Bytes and texts that have exactly one spelling.
 *
 * A second spelling of the same value would let two different files pass for the same thing, so
 * nothing here may be lenient. The counterpart in Python is `pure/merkle/canonical.py`.
 */

/** Something was refused; `code` is stable, the message is plain English without any value. */
export class Refused extends Error {
  /** @param {string} code @param {string} [message] */
  constructor(code, message = code) {
    super(message);
    this.code = code;
  }
}

/** @param {unknown} condition @param {string} code @param {string} [message] */
export function require(condition, code, message) {
  if (!condition) throw new Refused(code, message);
}

const encoder = new TextEncoder();
// ignoreBOM: a byte order mark is a character like any other, and must not vanish.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @param {string} text @returns {Uint8Array} */
export function utf8(text) {
  // A lone surrogate has no UTF-8; the encoder would replace it in silence.
  require(text.isWellFormed ? text.isWellFormed() : !/\p{Surrogate}/u.test(text), "utf8_invalid");
  return encoder.encode(text);
}

/** @param {Uint8Array} data @returns {string} */
export function fromUtf8(data) {
  try {
    return decoder.decode(data);
  } catch {
    throw new Refused("utf8_invalid", "bytes are not UTF-8");
  }
}

/** @param {...Uint8Array} parts @returns {Uint8Array} */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Uint8Array} a @param {Uint8Array} b */
export function equal(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** @param {Uint8Array} data @returns {string} */
export function hex(data) {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Uint8Array} data @returns {string} standard base64 with padding */
export function toBase64(data) {
  let binary = "";
  for (let at = 0; at < data.length; at += 8192) {
    binary += String.fromCharCode(...data.subarray(at, at + 8192));
  }
  return btoa(binary);
}

/** @param {string} text @returns {Uint8Array} the bytes that encode to exactly this text */
export function fromBase64(text) {
  require(typeof text === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(text), "base64_invalid");
  require(text.length % 4 === 0, "base64_invalid");
  let binary;
  try {
    binary = atob(text);
  } catch {
    throw new Refused("base64_invalid", "not standard base64");
  }
  const data = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  require(toBase64(data) === text, "base64_not_canonical", "base64 in a second spelling");
  return data;
}

/** @param {string} text @returns {Uint8Array} base64url without padding (RFC 4648 section 5) */
export function fromBase64Url(text) {
  require(typeof text === "string" && /^[A-Za-z0-9_-]*$/.test(text), "base64_invalid");
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  return fromBase64(standard + "=".repeat((4 - (standard.length % 4)) % 4));
}

export const MAX_SIZE = 2n ** 63n - 1n;

/** @param {string} text @param {bigint} [maximum] @returns {bigint} no sign, no leading zeros */
export function fromDecimal(text, maximum = 2n ** 64n - 1n) {
  require(/^(?:0|[1-9][0-9]{0,19})$/.test(text), "decimal_invalid", "not a plain decimal number");
  const value = BigInt(text);
  require(value <= maximum, "decimal_too_large", "decimal number out of range");
  return value;
}

/** @param {bigint | number} value @param {number} width @returns {Uint8Array} big-endian */
export function toBytes(value, width) {
  const data = new Uint8Array(width);
  let rest = BigInt(value);
  for (let at = width - 1; at >= 0; at -= 1) {
    data[at] = Number(rest & 255n);
    rest >>= 8n;
  }
  require(rest === 0n, "number_too_large");
  return data;
}

/** @param {Uint8Array} data @returns {bigint} */
export function toNumber(data) {
  return data.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
