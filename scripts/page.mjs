// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Put the verifying page together: `node scripts/page.mjs WORDS.json verify.html`.
 *
 * One file comes out, with everything in it. The same sources give the same bytes, so that
 * anybody can build the page and compare its hash. The two large parts (reading PDFs, reading
 * pictures) are packed, and unpacked by the page when a file or a camera asks for them: the
 * answer to a code in the address does not wait for them.
 */

import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { gzipSync } from "fflate";
import { texts } from "../tuidang/verify/page/src/texts.js";

const SOURCES = "tuidang/verify/page/src";
const WASM = "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm";
const [wordsFile, target] = process.argv.slice(2);

const bundle = async (entry) => {
  const made = await build({
    entryPoints: [`${SOURCES}/${entry}`],
    alias: { "tuidang-words": `./${wordsFile}` },
    bundle: true,
    charset: "utf8",
    format: "iife",
    legalComments: "none",
    loader: { ".json": "json" },
    logLevel: "error",
    minify: true,
    platform: "browser",
    target: ["chrome100", "firefox100", "safari15.4"],
    write: false,
  });
  // Within a script element these would end it, or open a comment that hides its end.
  return made.outputFiles[0].text.trimEnd().replaceAll("</script", "<\\/script")
    .replaceAll("<!--", "<\\!--");
};
const hash = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
const packed = (data) => Buffer.from(gzipSync(data, { level: 9, mtime: 0 })).toString("base64");
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Each text of the page three times; the style sheet shows English and one Chinese. */
const inLanguages = (name) => {
  if (!(name in texts)) throw new Error(`no text is called ${name}`);
  const [english, simplified, traditional] = texts[name].map(escaped);
  return `<span lang="en">${english}</span> <span lang="zh-Hans">${simplified}</span>`
    + `<span lang="zh-Hant">${traditional}</span>`;
};

const style = readFileSync(`${SOURCES}/page.css`, "utf8").replace(/\/\*[^]*?\*\/|\n\s*/g, "");
const [main, pdf, picture] = await Promise.all(
  ["main.js", "parts/pdf.js", "parts/picture.js"].map(bundle),
);
const policy = [
  "default-src 'none'",
  `script-src ${[main, pdf, picture].map(hash).join(" ")} 'wasm-unsafe-eval'`,
  `style-src ${hash(style)}`,
  "img-src data: blob:",
  "media-src blob:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const parts = {
  policy,
  style,
  main,
  pdf: packed(Buffer.from(pdf)),
  picture: packed(Buffer.from(picture)),
  wasm: packed(readFileSync(WASM)),
};
const page = readFileSync(`${SOURCES}/page.html`, "utf8")
  .replace(/\{\{([a-z_]+)\}\}/g, (_, name) => inLanguages(name))
  .replace(/\{%([a-z]+)%\}/g, (_, name) => parts[name]);

writeFileSync(`${target}.draft`, page);
renameSync(`${target}.draft`, target);
