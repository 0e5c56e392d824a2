// SPDX-License-Identifier: Apache-2.0
/**
 * Whether the words on a page are those of the claims, all of them and no others, in the order in
 * which the page is set (`verify/certificate/page_text.py`). White space says nothing, since each
 * reader of PDFs breaks lines in another way.
 */

import { face } from "./face.js";

/** @param {string} text @param {import("./claims.js").Claims} claims */
export function isPageOf(text, claims) {
  const found = withoutSpace(text);
  return ["zh-Hans", "zh-Hant"].some((chinese) => found === pageText(claims, chinese));
}

/** @param {import("./claims.js").Claims} claims @param {"zh-Hans" | "zh-Hant"} chinese */
export function pageText(claims, chinese) {
  const [zh, en] = [face(claims, chinese), face(claims, "en")];
  const both = (part) => zh[part].flatMap((said, at) => [said, en[part][at]]);
  const rows = zh.rows.flatMap(([label, value], at) => [label, value, ...en.rows[at]]);
  return withoutSpace([
    zh.title, en.title, ...rows, ...both("dates"), ...both("notes"), ...zh.code, ...en.code,
  ].join(""));
}

function withoutSpace(text) {
  return text.replace(/[\s\x1c-\x1f\x85]/g, "");
}
