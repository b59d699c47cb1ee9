// @ts-check
/** A person's disc: hue and initials, and the speaking corner towards the words. */

import { el } from "./dom.js";
import { hueOf, initialsOf } from "./nickname.js";

/** @type {Map<string, number>} */
const hues = new Map();
const MOST_CACHED = 2000;

/**
 * The class that gives an element a person's colours.
 * @param {string} nickname
 */
export function hueClass(nickname) {
  if (hues.size > MOST_CACHED) hues.clear();
  const hue = hues.get(nickname) ?? hueOf(nickname);
  hues.set(nickname, hue);
  return `hue-${hue}`;
}

/**
 * Decoration beside a name; without a hue where the name is still missing.
 * @param {string} nickname
 * @param {boolean} [online] with the mark of who is here
 */
export function avatar(nickname, online = false) {
  const presence = online ? el("span", { class: "presence" }) : null;
  const letters = el("span", { class: "initials" }, initialsOf(nickname));
  return el("span", { class: `avatar ${nickname && hueClass(nickname)}`, "aria-hidden": "true" }, letters, presence);
}

/**
 * A person without letters, where there is no room for them.
 * @param {string} nickname
 */
export function disc(nickname) {
  return el("span", { class: `disc ${hueClass(nickname)}`, "aria-hidden": "true" });
}
