// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Another maker's COSE (npm: @auth0/cose, on Node's own cryptography): verifies what it is given
 * as JSON on standard input, and signs a payload of ours. Nothing of ours is used here.
 */

// Its CBOR library has an optional native part, which is not installed.
process.env.CBOR_NATIVE_ACCELERATION_DISABLED = "true";
const { Sign1, ProtectedHeaders, Algorithms, Headers } = await import("@auth0/cose");
const { createPrivateKey, createPublicKey } = await import("node:crypto");
const { readFileSync } = await import("node:fs");

const given = JSON.parse(readFileSync(0, "utf8"));
const fromHex = (text) => Uint8Array.from(Buffer.from(text, "hex"));
const key = createPublicKey({ key: given.public_jwk, format: "jwk" });

async function verified(data) {
  try {
    const found = Sign1.decode(fromHex(data));
    await found.verify(key);
    return Buffer.from(found.payload).toString("hex");
  } catch {
    return null;
  }
}

const headers = new ProtectedHeaders([
  [Headers.Algorithm, Algorithms.ES256], [Headers.KeyID, fromHex(given.kid)],
]);
const signer = createPrivateKey({ key: given.private_jwk, format: "jwk" });
const signed = await Sign1.sign(headers, new Map(), fromHex(given.payload), signer);

process.stdout.write(JSON.stringify({
  verified: await Promise.all(given.signed.map(verified)),
  signed: Buffer.from(signed.encode()).toString("hex"),
}));
