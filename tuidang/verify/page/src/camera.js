// SPDX-License-Identifier: Apache-2.0
/**
 * Looks for a certificate through the camera, until there is one or the user stops. Pictures stay
 * in memory and are gone with the next one.
 */

import { chooseCode } from "./check.js";
import { picture } from "./parts.js";

const PAUSE = 150; // milliseconds between two looks: a phone stays cool, nobody waits

export class Camera {
  #stream = null;

  /** @param {HTMLVideoElement} video @param {(code: string) => void} onOther */
  constructor(video, onOther) {
    this.video = video;
    this.onOther = onOther;
  }

  get runs() {
    return this.#stream !== null;
  }

  /** @returns {Promise<Uint8Array | null>} the COSE bytes, or null if the user stopped */
  async scan() {
    const wanted = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } };
    this.#stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    try {
      this.video.srcObject = this.#stream;
      await this.video.play();
      const reader = await picture();
      return await this.#look(reader);
    } finally {
      this.stop();
    }
  }

  stop() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.video.srcObject = null;
  }

  async #look(reader) {
    while (this.runs) {
      const found = await reader.readFrame(this.video);
      try {
        return chooseCode(found);
      } catch (error) {
        this.onOther(error.code);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return null;
  }
}
