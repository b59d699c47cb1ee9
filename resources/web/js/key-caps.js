// @ts-check
/** Keys as one sees them on a keyboard, each in a cap of its own. */

import { el } from "./dom.js";

const ON_A_MAC = new Map([
  ["Ctrl", "⌘"],
  ["Alt", "⌥"],
  ["Shift", "⇧"],
]);
const names = /Mac|iP/u.test(navigator.userAgent) ? ON_A_MAC : new Map();

/** @param {string} keys with spaces between them */
export function keyCaps(keys) {
  const caps = keys.split(" ").map((key) => el("kbd", {}, names.get(key) ?? key));
  return el("span", { class: "key-caps", dir: "ltr" }, ...caps);
}
