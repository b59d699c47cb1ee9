// @ts-check
/** Avatars: a disc with hue and initials, and a corner that points to the text. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { hueOf, initialsOf } from "./nickname.js";
import { personKey } from "./own-identity.js";

/** @typedef {import("./own-identity.js").Named} Named */

/** @type {Map<string, number>} the hue of each person */
const hues = new Map();
/** More people than a page shows at once. */
const MOST_CACHED = 2000;

/**
 * The CSS class that gives an element a person's colours, the same in every client: they follow the author, under
 * whatever nickname, so that namesakes differ; and the nickname where the host names no authors. A message without a
 * name has none: a hue would tell something.
 * @param {Named} person
 */
export function hueClass(person) {
  const { nickname, author, nameless } = person;
  if (nameless) return "nameless";
  const key = personKey(person);
  if (hues.size > MOST_CACHED) hues.clear();
  const hue = hues.get(key) ?? hueOf(author || nickname);
  hues.set(key, hue);
  return `hue-${hue}`;
}

/**
 * The avatar beside a name, hidden from screen readers; without a hue if the name is empty, and with a question mark
 * for a message without a name.
 * @param {Named} person
 * @param {string} [presence] `online`, `away` or `busy` to show the presence dot
 */
export function avatar(person, presence = "") {
  const { nickname, nameless } = person;
  if (nameless) return el("span", { class: "avatar nameless", "aria-hidden": "true" }, icon("question"));
  const dot = presence ? el("span", { class: `presence ${presence}` }) : null;
  const letters = el("span", { class: "initials" }, initialsOf(nickname));
  return el("span", { class: `avatar ${nickname && hueClass(person)}`, "aria-hidden": "true" }, letters, dot);
}

/**
 * A small disc without initials, where there is no room for them.
 * @param {Named} person
 */
export function disc(person) {
  return el("span", { class: `disc ${hueClass(person)}`, "aria-hidden": "true" });
}
