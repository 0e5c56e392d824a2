// SPDX-License-Identifier: Apache-2.0
/** Elements with texts in three languages. Text is only ever set as text, never as HTML. */

import { texts } from "./texts.js";

export const LANGUAGES = ["en", "zh-Hans", "zh-Hant"];

/**
 * @param {string} name @param {Record<string, unknown> | null} [attributes]
 * @param {...(Node | string)} children
 */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** @param {string[]} said English, simplified, traditional @returns {HTMLElement[]} */
export function spans(said) {
  return said.map((text, at) => element("span", { lang: LANGUAGES[at] }, text));
}

/** @param {string} name of one of the page's own texts */
export function own(name) {
  return spans(texts[name]);
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  return document.getElementById(id);
}
