// @ts-check
/** The line that says who is typing. */

import { el } from "./dom.js";
import { shortNames } from "./names.js";
import { listOf } from "./rows.js";

const NAMED = 3;

/**
 * @param {HTMLElement} line
 * @param {string[]} nicknames
 */
export function showTyping(line, nicknames) {
  const crowd = nicknames.length > NAMED;
  const who = crowd ? [el("b", {}, `${nicknames.length} people`)] : listOf(shortNames(nicknames));
  const verb = nicknames.length === 1 ? " is typing" : " are typing";
  const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  line.replaceChildren(...(nicknames.length ? [dots, el("span", { class: "elide" }, ...who, verb)] : []));
}
