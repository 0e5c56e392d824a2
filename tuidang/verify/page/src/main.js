// SPDX-License-Identifier: Apache-2.0
/**
 * The page: takes a code from its own address, a file, the camera or pasted text, and shows the
 * verdict. It asks nobody: after loading there is no request of any kind.
 */

import { utf8 } from "./bytes.js";
import { readBundle } from "./bundle.js";
import { Camera } from "./camera.js";
import { checkBytes, checkScanned, checkText } from "./check.js";
import { isoDay } from "./days.js";
import { byId, element, own } from "./dom.js";
import * as parts from "./parts.js";
import { verdictElement } from "./show.js";

const installation = JSON.parse(byId("installation").textContent);
let bundle = null;
let latest = 0; // of two checks under way, only the later one may answer

/** The day in UTC, which decides only whether the bundle is recent. */
const today = () => Math.floor(Date.now() / 86_400_000);

/** @param {() => unknown} check gives a verdict, or a promise of one */
async function answer(check) {
  const mine = ++latest;
  const place = byId("answer");
  place.hidden = false;
  if (bundle === null) {
    byId("believed").open = true;
    place.replaceChildren(element("p", { class: "note", "data-outcome": "no_bundle" },
      ...own("bundle_none")));
    return;
  }
  place.replaceChildren(element("p", null, ...own("checking")));
  let shown;
  try {
    const made = check();
    shown = verdictElement(made instanceof Promise ? await made : made);
  } catch {
    shown = element("p", { class: "note", "data-outcome": "failed" }, ...own("failed"));
  }
  if (mine !== latest) return;
  place.replaceChildren(shown);
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
}

function answerFragment() {
  if (location.hash.length > 1) {
    answer(() => checkText(`https://#${location.hash.slice(1)}`, bundle, today()));
  }
}

async function answerFile(file) {
  const data = new Uint8Array(await file.arrayBuffer());
  // A trust bundle that was dropped with the certificates is meant as one.
  if (/\.note$/.test(file.name)) takeBundle(data);
  else await answer(() => checkBytes(data, bundle, today(), parts));
}

/** Take a bundle unless it is older than the one in use: nobody may make this page forget. */
function takeBundle(data) {
  let said = "bundle_taken";
  try {
    const newer = readBundle(data, bundle?.log.vkey ?? installation.log_vkey);
    if (bundle !== null && newer.sequence < bundle.sequence) said = "bundle_older";
    else bundle = newer;
  } catch {
    said = "bundle_refused";
  }
  byId("bundle_said").replaceChildren(...own(said));
  byId("bundle_said").dataset.said = said;
  byId("believed").open = true;
  showBundle();
}

function showBundle() {
  byId("bundle_none").hidden = bundle !== null;
  const list = byId("bundle");
  list.replaceChildren();
  if (bundle === null) return;
  const row = (name, ...value) => {
    list.append(element("dt", null, ...own(name)), element("dd", null, ...value));
  };
  row("bundle_log", bundle.origin);
  row("bundle_key", bundle.log.vkey);
  row("bundle_day", `${isoDay(bundle.issued)} (`, ...own("bundle_number"), ` ${bundle.sequence})`);
}

function readOwnBundle() {
  const note = byId("trust")?.textContent;
  if (note) {
    try {
      bundle = readBundle(utf8(note), installation.log_vkey);
    } catch {
      byId("bundle_said").replaceChildren(...own("bundle_refused"));
    }
  }
  showBundle();
}

function offerFiles() {
  // While somebody looks for the file, what reads it can be unpacked.
  byId("file").addEventListener("click", () => setTimeout(() => {
    parts.pdf();
    parts.picture();
  }, 200));
  byId("file").addEventListener("change", async ({ target }) => {
    if (target.files[0]) await answerFile(target.files[0]);
    target.value = ""; // so that the same file can be chosen again
  });
  byId("note").addEventListener("change", async ({ target }) => {
    if (target.files[0]) takeBundle(new Uint8Array(await target.files[0].arrayBuffer()));
    target.value = "";
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) answerFile(file);
  });
  byId("pasted").addEventListener("submit", (event) => {
    event.preventDefault();
    answer(() => checkText(byId("text").value, bundle, today()));
  });
}

function offerCamera() {
  const [button, viewer, hint] = [byId("camera"), byId("viewer"), byId("hint")];
  const said = { other_code: "camera_other", several_codes: "camera_hint" };
  const camera = new Camera(byId("video"), (code) => {
    hint.replaceChildren(...own(said[code] ?? "camera_hint"));
  });
  button.addEventListener("click", async () => {
    if (camera.runs) return camera.stop();
    viewer.hidden = false;
    button.replaceChildren(...own("camera_stop"));
    hint.replaceChildren(...own("camera_hint"));
    try {
      const cose = await camera.scan();
      viewer.hidden = true;
      if (cose) await answer(() => checkScanned(cose, bundle, today()));
    } catch {
      camera.stop();
      hint.replaceChildren(...own("camera_none"));
    }
    button.replaceChildren(...own("camera"));
  });
}

function offerScripts() {
  const choose = (script) => {
    document.documentElement.dataset.script = script;
    for (const button of document.querySelectorAll("[data-to]")) {
      button.setAttribute("aria-pressed", button.dataset.to === script);
    }
  };
  for (const button of document.querySelectorAll("[data-to]")) {
    button.addEventListener("click", () => choose(button.dataset.to));
  }
  const wanted = navigator.languages.find((language) => /^zh/i.test(language)) ?? "";
  choose(/hant|tw|hk|mo/i.test(wanted) ? "Hant" : "Hans");
}

document.addEventListener("DOMContentLoaded", () => {
  offerScripts();
  readOwnBundle();
  answerFragment();
  offerFiles();
  offerCamera();
  byId("how").textContent = `head -c ${installation.size} verify.html | sha256sum`;
});
window.addEventListener("hashchange", answerFragment);
