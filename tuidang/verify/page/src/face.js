// SPDX-License-Identifier: Apache-2.0
/**
 * Everything that a certificate's paper says, from the claims alone, in the words of
 * `pure/credential/face_words.py`, put together as `pure/credential/face.py` does. The page of a
 * PDF is held against these strings, and a verdict shows them.
 */

import { face as words, months } from "tuidang-words";
import { isoDay } from "./days.js";
import { shownNumber } from "./numbers.js";

/**
 * @typedef {import("./claims.js").Claims} Claims
 * @typedef {{rows: [string, string][], dates: string[], notes: string[], code: string[],
 *   title: string, born: string}} Face the words in one language
 */

/** @param {Claims} claims @param {"en" | "zh-Hans" | "zh-Hant"} language @returns {Face} */
export function face(claims, language) {
  const writer = new Writer(claims, language);
  const said = (...keys) => keys.map((key) => words[language][key]);
  return {
    title: words[language].title,
    born: `${words[language]["label.birth_date"]}: ${writer.birthDate()}`,
    rows: writer.rows(),
    dates: [writer.dateSentence()],
    notes: said("shows", "does_not_show", proofKey(claims), "status"),
    code: said("verify", "verifier"),
  };
}

/** @param {string} name `ZHANG<<SAN` is "ZHANG, SAN" */
export function shownName(name) {
  return name.split("<<").map((part) => part.replaceAll("<", " ")).join(", ");
}

function proofKey(claims) {
  if (claims.received === null) return "proof.follows";
  return claims.commitments === null ? "proof.none" : "proof.attached";
}

class Writer {
  constructor(claims, language) {
    this.claims = claims;
    this.english = language === "en";
    this.words = words[language];
  }

  rows() {
    const { claims } = this;
    const found = {
      number: shownNumber(claims.number),
      latin_name: shownName(claims.latinName),
      chinese_name: claims.chineseName,
      birth_date: this.birthDate(),
      birth_place: claims.birthPlace,
      orgs: this.organisations(),
      declared_as: this.declaredAs(claims.declaredAs),
      check: this.check(claims.check),
      stated: this.stated(),
      issued: this.day(claims.issued),
      issuer: claims.issuer,
      branch: claims.branch,
    };
    return Object.entries(found).filter(([, value]) => value)
      .map(([key, value]) => [this.words[`label.${key}`], value]);
  }

  birthDate() {
    const born = this.claims.birthDate;
    return born === null ? this.words.no_birth_date : this.day(born);
  }

  stated() {
    const { stated } = this.claims;
    return stated === null ? null : this.filled("stated", { day: this.day(stated) });
  }

  dateSentence() {
    const { received, linked, bound } = this.claims;
    if (received === null) return this.words["date.follows"];
    const days = { received: this.noLater(received), linked: this.noLater(linked) };
    return this.filled(bound ? "date.bound" : "date.apart", days);
  }

  noLater({ day, witnessed }) {
    return witnessed ? this.day(day) : this.filled("own_clock", { day: this.day(day) });
  }

  day(number) {
    const [year, month, day] = isoDay(number).split("-").map(Number);
    return this.english ? `${day} ${months[month - 1]} ${year}` : `${year}年${month}月${day}日`;
  }

  organisations() {
    const named = [1, 2, 4].filter((bit) => this.claims.orgs & bit);
    return named.map((bit) => this.words[`org.${bit}`]).join(this.words["org.between"])
      || this.words.no_orgs;
  }

  declaredAs({ kind, alias, recovered }) {
    let how = this.words[`declared.${kind}`];
    if (alias !== null) how = this.filled("declared.alias", { how, alias });
    return recovered ? this.filled("declared.recovered", { how }) : how;
  }

  check({ code, document, day }) {
    if (day === null) return this.words[`check.${code}`];
    return this.filled(code === "V" ? "check.V" : "check.P.day", {
      document: document === null ? "" : this.words[`document.${document}`], day: this.day(day),
    });
  }

  /** Fill the places of a text, all at once: a value may hold what looks like a place. */
  filled(key, values) {
    return this.words[key].replace(/\{([a-z]+)\}/g, (_, name) => values[name]);
  }
}
