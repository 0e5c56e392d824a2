// SPDX-License-Identifier: Apache-2.0
/**
 * A verdict for an officer with two minutes: sign and word first, then who and since when, then
 * what to do; everything else is folded. Nothing of a certificate is shown unless its signature
 * holds and nothing contradicts it.
 */

import { reasons as words } from "tuidang-words";
import { isoDay } from "./days.js";
import { LANGUAGES, element, own, spans } from "./dom.js";
import { face, shownName } from "./face.js";
import { texts } from "./texts.js";

const SIGNS = {
  valid: ["✓", "good"], superseded: ["!", "fair"], revoked: ["✕", "bad"],
  not_ours: ["✕", "bad"], altered: ["✕", "bad"], unreadable: ["?", "fair"],
};

/** @param {import("./check.js").Verdict} verdict @returns {HTMLElement} */
export function verdictElement(verdict) {
  const { outcome, reason, claims } = verdict;
  const old = outcome === "valid" && !verdict.fresh;
  const [sign, tone] = old ? ["!", "fair"] : SIGNS[outcome];
  const said = (part) => spans(LANGUAGES.map((language) => words[reason][language][part]));
  const head = element("div", { class: "head" },
    element("span", { class: "sign", "aria-hidden": "true" }, sign),
    element("h2", null, ...title(verdict, old)));
  const whole = element("div", {
    class: `verdict ${tone}`,
    "data-outcome": outcome,
    "data-reason": reason,
    "data-via": verdict.via,
    "data-fresh": verdict.fresh,
  }, head, element("p", null, ...said("found")));
  if (old) whole.append(element("p", { class: "do" }, ...own("old_bundle")));
  if (claims) whole.append(...facts(verdict));
  whole.append(element("p", null, ...said("means")), element("p", { class: "do" }, ...said("do")));
  if (claims) whole.append(everything(claims));
  whole.append(technical(verdict));
  return whole;
}

function title({ reason, bundleDay }, old) {
  return spans(LANGUAGES.map((language, at) => {
    const { title: word } = words[reason][language];
    return old ? `${word} ${texts.as_of[at]} ${isoDay(bundleDay)}` : word;
  }));
}

/** Name, and the sentences on dates, as they stand on the paper. */
function facts({ claims, dates }) {
  const who = element("p", { class: "who" }, shownName(claims.latinName));
  if (claims.chineseName) who.append(" ", element("span", null, claims.chineseName));
  const faces = LANGUAGES.map((language) => face(claims, language));
  const born = element("p", { class: "small" }, ...spans(faces.map(({ born }) => born)));
  const rest = dates.reason === "dates_by_clock" ? dates.reason : `dates_${dates.kind}`;
  const box = element("div", { class: "dates" },
    element("p", null, ...spans(faces.map((each) => each.dates[0]))),
    element("p", { class: "small" }, ...own(rest)));
  return [who, born, box];
}

function everything(claims) {
  const faces = LANGUAGES.map((language) => face(claims, language));
  const list = element("dl");
  faces[0].rows.forEach((_, at) => {
    const [labels, values] = [0, 1].map((part) => faces.map(({ rows }) => rows[at][part]));
    const same = values.every((value) => value === values[0]);
    const shown = same ? [values[0]] : spans(values);
    list.append(element("dt", null, ...spans(labels)), element("dd", null, ...shown));
  });
  const notes = faces[0].notes.map((_, at) => (
    element("p", null, ...spans(faces.map((each) => each.notes[at])))));
  return folded("details", list, ...notes);
}

function technical({ reason, dates, fingerprint, bundleDay, via }) {
  const list = element("dl");
  const row = (name, ...value) => {
    list.append(element("dt", null, ...own(name)), element("dd", null, ...value));
  };
  if (dates?.kind === "proven") {
    if (dates.countedIndex !== null) row("entry", String(dates.countedIndex));
    row("orgs_proven", ...own(dates.orgsProven ? "yes" : "no"));
  }
  if (fingerprint) row("fingerprint", fingerprint);
  row("bundle_day", isoDay(bundleDay));
  row("reason", `${reason} (${via})`);
  return folded("technical", list);
}

function folded(name, ...children) {
  return element("details", null, element("summary", null, ...own(name)), ...children);
}
