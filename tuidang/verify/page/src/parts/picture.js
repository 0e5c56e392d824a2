// SPDX-License-Identifier: Apache-2.0
/**
 * Finds square codes in pictures. Says every text that was read, and whether there was a code
 * that could not be read; which one is a certificate is for others to say.
 */

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const MAX_SIDE = 4096; // pixels: what a canvas holds on all phones
const SMALL = 1600; // below this a picture is tried twice as large too
const OPTIONS = { formats: ["QRCode"], returnErrors: true, tryHarder: true };

/** @param {Uint8Array} wasmBinary what does the reading; nothing is fetched */
async function prepare(wasmBinary) {
  const overrides = { wasmBinary, locateFile: (name) => name };
  await prepareZXingModule({ overrides, fireImmediately: true });
}

/** @param {Uint8Array} data PNG or JPEG; null if it cannot be opened */
async function read(data) {
  let picture;
  try {
    picture = await createImageBitmap(new Blob([data]));
  } catch {
    return null;
  }
  const scale = Math.min(1, MAX_SIDE / Math.max(picture.width, picture.height));
  let found = await look(drawn(picture, scale));
  if (!found.texts.length && Math.max(picture.width, picture.height) < SMALL) {
    const larger = await look(drawn(picture, 2));
    found = { texts: larger.texts, unclear: found.unclear || larger.unclear };
  }
  picture.close();
  // Browsers that guard against being recognised give false pixels; the reader unpacks by itself.
  if (found.texts.length) return found;
  return { texts: (await look(new Blob([data]))).texts, unclear: found.unclear };
}

/** @param {HTMLVideoElement} video @returns {Promise<{texts: string[], unclear: boolean}>} */
function readFrame(video) {
  const size = { width: video.videoWidth, height: video.videoHeight };
  return look(drawn(video, Math.min(1, 1920 / Math.max(size.width, size.height)), size));
}

/** Draw on white: what is transparent would be black otherwise. */
function drawn(source, scale, { width, height } = source) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** @param {ImageData | Blob} picture */
async function look(picture) {
  const found = await readBarcodes(picture, OPTIONS);
  const valid = found.filter((each) => each.isValid);
  return { texts: valid.map((each) => each.text), unclear: valid.length < found.length };
}

globalThis.tuidangPicture = { prepare, read, readFrame };
