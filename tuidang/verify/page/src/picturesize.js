// SPDX-License-Identifier: Apache-2.0
/** How large a picture is, from its head alone: looked at before a pixel is unpacked. */

/** @param {Uint8Array} data PNG or JPEG @returns {{width: number, height: number} | null} */
export function pictureSize(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  try {
    return data[0] === 0x89
      ? { width: view.getUint32(16), height: view.getUint32(20) }
      : jpegSize(view);
  } catch {
    return null; // the file ends before it says
  }
}

/** Walk the segments of a JPEG to the start of its frame (ITU-T T.81, annex B). */
function jpegSize(view) {
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
}
