// SPDX-License-Identifier: Apache-2.0
"use strict";

// Formats of numbers and times, and the coding of bytes inside the page.
const Format = (() => {
  const two = (number) => String(number).padStart(2, "0");

  /** "01:02.345", with hours if there are any, and the given number of decimals. */
  function clock(timeS, decimals = 3) {
    const unit = 10 ** decimals;
    const units = Math.round(Math.abs(timeS) * unit);
    const wholeS = Math.floor(units / unit);
    const hours = Math.floor(wholeS / 3600);
    const rest = decimals > 0 ? `.${String(units % unit).padStart(decimals, "0")}` : "";
    const text = `${two(Math.floor(wholeS / 60) % 60)}:${two(wholeS % 60)}${rest}`;
    return (timeS < 0 ? "-" : "") + (hours > 0 ? `${hours}:${text}` : text);
  }

  /** "2.84 s", "1 min 12 s" */
  function length(lengthS) {
    if (lengthS < 59.995) return `${lengthS.toFixed(2)} s`;
    const wholeS = Math.round(lengthS);
    const hours = Math.floor(wholeS / 3600);
    const minutes = Math.floor(wholeS / 60) % 60;
    return hours > 0 ? `${hours} h ${two(minutes)} min` : `${minutes} min ${two(wholeS % 60)} s`;
  }

  /** "2.68 MB" */
  function bytes(count) {
    const units = ["bytes", "kB", "MB", "GB", "TB"];
    let unit = 0;
    for (; count >= 1000 && unit < units.length - 1; ++unit) count /= 1000;
    return `${unit === 0 ? count : count.toPrecision(3)} ${units[unit]}`;
  }

  /** "1 clip", "12,000 clips" */
  function count(number, noun) {
    return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  }

  /** A number without more digits than it needs: "23.976". */
  const plain = (number, digits = 3) => String(Number(number.toFixed(digits)));

  /** The shortest decimal number for a float32: 0.98 for Math.fround(0.98). */
  function shortestFloat(value) {
    for (let digits = 1; digits < 10; ++digits) {
      const candidate = Number(value.toPrecision(digits));
      if (Math.fround(candidate) === value) return candidate;
    }
    return value;
  }

  /** The name of an option in these scripts: "minLengthS" for "min_length_s". */
  const camelCase = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

  /** Its name on the command line, without dashes in front: "min-length-s". */
  const optionName = (name) => name.replaceAll("_", "-");

  function bytesOfBase64(text) {
    const binary = atob(text);
    const result = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; ++i) result[i] = binary.charCodeAt(i);
    return result;
  }

  const floatsOfBase64 = (text) => new Float32Array(bytesOfBase64(text).buffer);
  const doublesOfBase64 = (text) => new Float64Array(bytesOfBase64(text).buffer);

  return {
    clock, length, bytes, count, plain, shortestFloat, camelCase, optionName, bytesOfBase64, floatsOfBase64, doublesOfBase64,
  };
})();
