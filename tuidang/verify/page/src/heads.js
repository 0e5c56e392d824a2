// SPDX-License-Identifier: Apache-2.0
/**
 * The signed checkpoints in a proof: whether they are this log's, and when they were seen
 * (log spec, sections 3, 7 and 8). The rules and codes are those of `verify/certificate/heads.py`.
 *
 * A day comes from cosignatures alone, never from a field that somebody typed.
 */

import { Refused, equal, require } from "./bytes.js";
import { dayOfTime } from "./days.js";
import { leafHash, verifyInclusion } from "./hashes.js";
import { openNote, parseCheckpoint, signedBy } from "./notes.js";

export const SLACK = 1; // days: a witness whose clock is slow, about midnight

/** @typedef {{checkpoint: import("./notes.js").Checkpoint, day: number | null}} Head */

/**
 * Return the head of the log that holds this entry, and the day at which the policy was met.
 *
 * @param {Uint8Array} entry @param {import("./tlogproof.js").TlogProof} proof
 * @param {import("./bundle.js").Bundle} bundle @param {string} code what to say if it does not
 * @returns {Head}
 */
export function prove(entry, proof, bundle, code) {
  const head = openHead(proof.checkpoint, bundle);
  const { size, root } = head.checkpoint;
  attempt(code, () => verifyInclusion(leafHash(entry), proof.index, size, proof.hashes, root));
  return head;
}

/** Run a check; whatever it refuses is refused with this code. */
export function attempt(code, run) {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refused) throw new Refused(code, error.message);
    throw error;
  }
}

function openHead(data, bundle) {
  const [note, checkpoint] = opened(data, bundle);
  const ours = checkpoint.origin === bundle.origin && signedBy(note.verified, bundle.log);
  require(ours, "proof_other_log");
  // Not all cosigners sign extension lines, so none can be relied on.
  require(note.text.split("\n").length === 4, "proof_checkpoint");
  const counted = note.verified.filter(({ key, time }) => {
    const day = dayOfTime(time);
    return day !== null && bundle.counts(key, day);
  });
  const head = { checkpoint, day: dayOfTime(bundle.policy.date(counted, bundle.clock)) };
  checkBatches(head, bundle.batches);
  return head;
}

function opened(data, bundle) {
  try {
    const note = openNote(data, bundle.keys);
    return [note, parseCheckpoint(note.text)];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const stranger = error.code === "signature_unknown";
    throw new Refused(stranger ? "proof_other_log" : "proof_checkpoint", error.message);
  }
}

/** A size ends a batch, with its root, and nobody saw a batch before its day. */
function checkBatches({ checkpoint, day }, batches) {
  const { size, root } = checkpoint;
  for (const [at, batch] of batches.entries()) {
    const otherRoot = batch.size === size && !equal(batch.root, root);
    const tooEarly = day !== null && batch.size <= size && day < batch.day - SLACK;
    const next = batches[at + 1];
    const within = next?.number === batch.number + 1 && batch.size < size && size < next.size;
    const beforeFirst = batch.number === 0 && size < batch.size;
    require(!otherRoot && !tooEarly && !within && !beforeFirst, "proof_contradicts_log");
  }
}
