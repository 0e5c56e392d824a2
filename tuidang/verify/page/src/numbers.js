// SPDX-License-Identifier: Apache-2.0
/** Numbers of certificates: eleven random characters and one that checks them. */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 12;
const POLYNOMIAL = 0b100101; // x^5 + x^2 + 1, as in `pure/credential/numbers.py`

/** @param {string} text @returns {boolean} whether it is a number in its one stored spelling */
export function isNumber(text) {
  const symbols = Array.from(text, (char) => ALPHABET.indexOf(char));
  if (symbols.length !== LENGTH || symbols.includes(-1)) return false;
  return checkSymbol(symbols.slice(0, -1)) === symbols[LENGTH - 1];
}

/** @param {string} number @returns {string} as people read it: XXXX-XXXX-XXXX */
export function shownNumber(number) {
  return [number.slice(0, 4), number.slice(4, 8), number.slice(8)].join("-");
}

function checkSymbol(symbols) {
  return symbols.reduceRight((total, symbol) => {
    const doubled = (total ^ symbol) << 1;
    return doubled > 31 ? doubled ^ POLYNOMIAL : doubled;
  }, 0);
}
