// SPDX-License-Identifier: Apache-2.0
/**
 * Signed notes and checkpoints (C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0).
 *
 * Opening a note refuses it unless a known key has signed, and as soon as a line of a known key
 * does not hold. Lines of unknown keys are nobody's fault.
 */

import { MAX_SIZE, fromBase64, fromDecimal, fromUtf8, hex, require } from "./bytes.js";
import { sha256 } from "./hashes.js";
import { checkName, sameKey, verifyLine } from "./keys.js";

const MAX_NOTE = 1_000_000;
const MAX_SIGNATURES = 100;
const START = "— ";
const CONTROL = /[\x00-\x09\x0b-\x1f]/;

/**
 * @typedef {import("./keys.js").Key} Key
 * @typedef {{key: Key, time: bigint | null}} Verified
 * @typedef {{origin: string, size: bigint, root: Uint8Array}} Checkpoint
 */

/** @param {Uint8Array} data @returns {{text: string, lines: import("./keys.js").Line[]}} */
export function splitNote(data) {
  require(data.length <= MAX_NOTE, "note_too_long", "the note is too long");
  const whole = fromUtf8(data);
  const cut = whole.lastIndexOf("\n\n");
  const well = cut >= 0 && whole.endsWith("\n") && cut + 2 < whole.length && !CONTROL.test(whole);
  require(well, "note_malformed", "not a signed note");
  const lines = whole.slice(cut + 2, -1).split("\n");
  require(lines.length <= MAX_SIGNATURES, "note_too_long", "the note has too many signatures");
  return { text: whole.slice(0, cut + 1), lines: lines.map(parseLine) };
}

function parseLine(line) {
  require(line.startsWith(START), "line_malformed", "not a signature line");
  const rest = line.slice(START.length);
  const cut = rest.indexOf(" ");
  const name = cut < 0 ? rest : rest.slice(0, cut);
  checkName(name);
  const data = fromBase64(cut < 0 ? "" : rest.slice(cut + 1));
  require(data.length >= 5, "line_malformed", "not a signature line");
  return { name, id: hex(data.slice(0, 4)), signature: data.slice(4) };
}

/**
 * Return the text of a note and the lines that hold, of which there is at least one.
 *
 * @param {Uint8Array} data @param {Key[]} keys @returns {{text: string, verified: Verified[]}}
 */
export function openNote(data, keys) {
  const { text, lines } = splitNote(data);
  const known = new Map(keys.map((key) => [`${key.name}+${key.id}`, key]));
  const verified = [];
  for (const line of lines) {
    const key = known.get(`${line.name}+${line.id}`);
    if (key) verified.push({ key, time: verifyLine(key, text, line) });
  }
  require(verified.length > 0, "signature_unknown", "nobody whose key is known has signed");
  return { text, verified };
}

/** @param {Verified[]} verified @param {Key} key */
export function signedBy(verified, key) {
  return verified.some((line) => sameKey(line.key, key));
}

/** @param {string} text @returns {Checkpoint} */
export function parseCheckpoint(text) {
  const lines = text.split("\n");
  require(lines.length >= 4 && lines.pop() === "", "checkpoint_lines");
  require(lines.every((line) => line !== ""), "checkpoint_line");
  const [origin, size, root] = lines;
  const [number, digest] = [fromDecimal(size, MAX_SIZE), fromBase64(root)];
  require(digest.length === 32, "checkpoint_range", "the root is not 32 bytes long");
  const empty = number === 0n && hex(digest) !== hex(sha256(new Uint8Array()));
  require(!empty, "empty_root_expected", "an empty log has the empty root");
  return { origin, size: number, root: digest };
}
