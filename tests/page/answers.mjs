// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Runs the page's modules on what Python asks: a list of `{"ask", ...}` as JSON on standard input,
 * the list of answers on standard output. A refusal is answered by its code.
 */

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

const [wordsFile] = process.argv.slice(2);
const WORDS = "words:all"; // the bundler knows it by an alias
registerHooks({
  resolve: (name, context, next) => (
    name === "tuidang-words"
      ? { url: WORDS, format: "module", shortCircuit: true } : next(name, context)),
  load: (url, context, next) => (
    url === WORDS
      ? { format: "module", source: wordsSource(), shortCircuit: true } : next(url, context)),
});

function wordsSource() {
  return Object.entries(JSON.parse(readFileSync(wordsFile, "utf8")))
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`).join("\n");
}

const SOURCES = "../../tuidang/verify/page/src";
const load = (name) => import(`${SOURCES}/${name}.js`);
const [bytes, cbor, code, cose, notes, pageText, policy, keys, proof, statusList] =
  await Promise.all(["bytes", "cbor", "code", "cose", "notes", "pagetext", "policy", "keys",
    "proof", "statuslist"].map(load));
const { Refused, hex } = bytes;
const fromHex = (text) => Uint8Array.from(Buffer.from(text, "hex"));
const issuersOf = (jwks) => new Map(jwks.map(cose.issuerOf).map((each) => [each.kid, each]));

/** What stands in a map of CBOR, as JSON that Python can write too. */
function plain(value) {
  if (value instanceof Map) return { map: [...value].map(([k, v]) => [plain(k), plain(v)]) };
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (value instanceof cbor.Tagged) return { tagged: plain(value.value) };
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "bigint" ? { number: String(value) } : value;
}

const asks = {
  cbor: ({ data }) => plain(cbor.decode(fromHex(data))),
  code: ({ text }) => hex(code.readCode(text)),
  cose: ({ data, jwks }) => cose.openSigned(fromHex(data), issuersOf(jwks)).claims.number,
  ed25519: ({ signature, message, key }) => (
    keys.verifyEd25519(...[signature, message, key].map(fromHex))),
  face: ({ data, jwks }) => {
    const { claims } = cose.openSigned(fromHex(data), issuersOf(jwks));
    return ["zh-Hans", "zh-Hant"].map((language) => pageText.pageText(claims, language));
  },
  fingerprint: ({ jwk }) => cose.issuerOf(jwk).fingerprint,
  note: ({ data, vkeys }) => {
    const known = vkeys.map((each) => keys.parseKey(each, [1, 4, 6]));
    return notes.openNote(fromHex(data), known).verified.map(({ time }) => String(time));
  },
  policy: ({ text, signed, clock }) => {
    const read = policy.parsePolicy(text);
    const lines = signed
      .map(([vkey, time]) => ({ key: keys.parseKey(vkey, [4, 6]), time: BigInt(time) }));
    const date = read.date(lines, keys.parseKey(clock, [4]));
    return date === null ? null : Number(date);
  },
  proof: ({ data }) => proof.parseProof(fromHex(data)).link.index.toString(),
  status: ({ data, index }) => statusList.readStatus(statusList.unpackList(data), index),
};

function answer({ ask, ...given }) {
  try {
    return { answer: asks[ask](given) };
  } catch (error) {
    if (error instanceof Refused) return { refused: error.code };
    throw error;
  }
}

const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map(answer)));
