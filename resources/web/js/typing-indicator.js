// @ts-check
/** The line under the timeline that says who is typing. */

import { el } from "./dom.js";
import { shortName } from "./nickname.js";
import { nameList } from "./timeline-rows.js";

/** More people are only counted: the line has to fit a phone. */
const NAMED = 3;

/**
 * @param {HTMLElement} line
 * @param {string[]} nicknames
 * @param {(nickname: string, first: string) => boolean} shared whether another person has this first name
 */
export function showTyping(line, nicknames, shared) {
  const crowd = nicknames.length > NAMED;
  const names = crowd ? [] : nicknames.map((nickname) => shortName(nickname, shared));
  const who = crowd ? [el("b", {}, `${nicknames.length} people`)] : nameList(names);
  const verb = nicknames.length === 1 ? " is typing" : " are typing";
  const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  line.replaceChildren(...(nicknames.length ? [dots, el("span", { class: "elide" }, ...who, verb)] : []));
}
