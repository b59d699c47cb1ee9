// @ts-check
/** Avatars: a disc with hue and initials, and a corner that points to the text. */

import { el } from "./dom.js";
import { hueOf, initialsOf } from "./nickname.js";

/** @type {Map<string, number>} */
const hues = new Map();
/** More people than a page shows at once. */
const MOST_CACHED = 2000;

/**
 * The CSS class that gives an element a person's colours.
 * @param {string} nickname
 */
export function hueClass(nickname) {
  if (hues.size > MOST_CACHED) hues.clear();
  const hue = hues.get(nickname) ?? hueOf(nickname);
  hues.set(nickname, hue);
  return `hue-${hue}`;
}

/**
 * The avatar beside a name, hidden from screen readers; without a hue if the name is empty.
 * @param {string} nickname
 * @param {boolean} [online] whether to show the presence dot
 */
export function avatar(nickname, online = false) {
  const presence = online ? el("span", { class: "presence" }) : null;
  const letters = el("span", { class: "initials" }, initialsOf(nickname));
  return el("span", { class: `avatar ${nickname && hueClass(nickname)}`, "aria-hidden": "true" }, letters, presence);
}

/**
 * A small disc without initials, where there is no room for them.
 * @param {string} nickname
 */
export function disc(nickname) {
  return el("span", { class: `disc ${hueClass(nickname)}`, "aria-hidden": "true" });
}
