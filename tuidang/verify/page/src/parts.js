// SPDX-License-Identifier: Apache-2.0
/**
 * The two large parts of the page, which lie packed in it: unpacked and run once, when a file or
 * the camera asks for them. The policy of the page knows the hash of each, so nothing else runs.
 */

import { gunzipSync } from "fflate";
import { fromBase64 } from "./bytes.js";

const started = new Map();

/** @param {string} name @param {() => Promise<unknown>} start */
function once(name, start) {
  if (!started.has(name)) started.set(name, start());
  return started.get(name);
}

function unpack(id) {
  return gunzipSync(fromBase64(document.getElementById(id).textContent));
}

function run(id) {
  const script = document.createElement("script");
  script.textContent = new TextDecoder().decode(unpack(id));
  document.head.append(script);
}

/** @returns {Promise<any>} what reads PDFs */
export function pdf() {
  return once("pdf", async () => {
    run("part-pdf");
    return globalThis.tuidangPdf;
  });
}

/** @returns {Promise<any>} what finds codes in pictures */
export function picture() {
  return once("picture", async () => {
    run("part-picture");
    await globalThis.tuidangPicture.prepare(unpack("part-wasm"));
    return globalThis.tuidangPicture;
  });
}
