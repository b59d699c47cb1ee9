// @ts-check
/** Avatars: a disc with hue and initials, and a corner that points to the text. */

import { el } from "./dom.js";
import { HUES, hueOf, initialsOf, nicknameKey } from "./nickname.js";
import { personKey } from "./own-identity.js";

/** @typedef {import("./own-identity.js").Named} Named */

/** @type {Map<string, number>} the hue of each person */
const hues = new Map();
/** @type {Map<string, string>} the person who has the hue of this nickname */
const owners = new Map();
/** More people than a page shows at once. */
const MOST_CACHED = 2000;

/**
 * The CSS class that gives an element a person's colours. They follow the person: the same under another nickname, and
 * others for a namesake. The first one of a nickname has the hue that it has in every client.
 * @param {Named} person
 */
export function hueClass(person) {
  const key = personKey(person);
  if (hues.size > MOST_CACHED) [hues, owners].forEach((map) => map.clear());
  const hue = hues.get(key) ?? newHue(person, key);
  hues.set(key, hue);
  return `hue-${hue}`;
}

/**
 * @param {Named} person
 * @param {string} key
 */
function newHue({ nickname, author }, key) {
  if (!author) return hueOf(nickname);
  const name = nicknameKey(nickname);
  const owner = owners.get(name) ?? key;
  owners.set(name, owner);
  return owner === key ? hueOf(nickname) : otherHue(hueOf(nickname), key);
}

/**
 * A hue for a namesake, unlike that of the first one.
 * @param {number} hue
 * @param {string} key
 */
function otherHue(hue, key) {
  return (hue + 1 + (hueOf(key) % (HUES - 1))) % HUES;
}

/**
 * The avatar beside a name, hidden from screen readers; without a hue if the name is empty.
 * @param {Named} person
 * @param {boolean} [online] whether to show the presence dot
 */
export function avatar(person, online = false) {
  const { nickname } = person;
  const presence = online ? el("span", { class: "presence" }) : null;
  const letters = el("span", { class: "initials" }, initialsOf(nickname));
  return el("span", { class: `avatar ${nickname && hueClass(person)}`, "aria-hidden": "true" }, letters, presence);
}

/**
 * A small disc without initials, where there is no room for them.
 * @param {Named} person
 */
export function disc(person) {
  return el("span", { class: `disc ${hueClass(person)}`, "aria-hidden": "true" });
}
