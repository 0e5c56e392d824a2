// SPDX-License-Identifier: Apache-2.0
/** Days as numbers since 1970-01-01 (UTC), of the years 1 to 9999: no time zone, no clock. */

import { require } from "./bytes.js";

export const FIRST_DAY = -719162;
export const LAST_DAY = 2932896;
const MILLISECONDS = 86_400_000;

/** @param {number} day @returns {string} YYYY-MM-DD */
export function isoDay(day) {
  const date = new Date(day * MILLISECONDS);
  const year = String(date.getUTCFullYear()).padStart(4, "0");
  const [month, number] = [date.getUTCMonth() + 1, date.getUTCDate()];
  return `${year}-${String(month).padStart(2, "0")}-${String(number).padStart(2, "0")}`;
}

/** @param {unknown} text @returns {number} the day of exactly YYYY-MM-DD */
export function fromIsoDay(text) {
  require(typeof text === "string" && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text), "day_malformed");
  const day = Date.parse(`${text}T00:00:00Z`) / MILLISECONDS;
  require(Number.isInteger(day) && day >= FIRST_DAY && isoDay(day) === text, "day_malformed");
  return day;
}

/** @param {bigint | null} seconds @returns {number | null} the UTC day; null beyond the calendar */
export function dayOfTime(seconds) {
  if (seconds === null) return null;
  const day = Number(seconds / 86_400n);
  return day <= LAST_DAY ? day : null;
}
