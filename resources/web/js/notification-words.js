// @ts-check
/**
 * The words of notifications, as plain text; the window has the same (chatdesk/client/notification_words.py).
 *
 * @typedef {object} Place
 * @property {string} room
 * @property {string | undefined} partner the nickname of the other person in a private room
 * @typedef {{title: string, body: string, quiet: string}} Words `quiet` stands for `body` where nobody may read along
 */

import { oneLine } from "./clean-text.js";
import { plainText } from "./markup-rules.js";
import { isolated } from "./nickname.js";

/** Of a message, in characters: notifications show two or three lines. */
const MOST_CHARS = 200;
/** Rooms that are named where messages were missed. */
const MOST_PLACES = 3;

/**
 * @param {Place} place
 * @param {import("./protocol.js").Message} last the last of the messages
 * @param {number} count how many there are
 * @param {number} mentions how many of them mention the person
 * @returns {Words}
 */
export function wordsOf(place, last, count, mentions) {
  const author = isolated(last.nickname);
  const text = isolated(textOf(last));
  const said = last.action ? `${author} ${text}` : text;
  const where = nameOf(place);
  if (place.partner) {
    if (count === 1) return { title: author, body: said, quiet: "Private message" };
    return { title: `${count} messages from ${author}`, body: said, quiet: "" };
  }
  if (count === 1) {
    const title = `${author} ${mentions ? "mentions you " : ""}in ${where}`;
    return { title, body: said, quiet: "New message" };
  }
  const body = last.action ? said : `${author}: ${text}`;
  return { title: `${count} new messages in ${where}`, body, quiet: mentionsOf(mentions) };
}

/**
 * @param {Place[]} places
 * @param {number} count
 * @returns {Words}
 */
export function missedWords(places, count) {
  const title = count === 1 ? "You missed a message" : `You missed ${count} messages`;
  const further = places.length - MOST_PLACES;
  const named = places.slice(0, MOST_PLACES).map(nameOf).join(", ");
  const body = further > 0 ? `${named} and ${further} more` : named;
  return { title, body, quiet: body };
}

/** @param {Place} place */
function nameOf({ room, partner }) {
  return partner ? isolated(partner) : `#${isolated(room)}`;
}

/** @param {number} count */
function mentionsOf(count) {
  if (!count) return "";
  return count === 1 ? "One mentions you" : `${count} mention you`;
}

/** @param {import("./protocol.js").Message} message */
function textOf({ content, body }) {
  const letters = Array.from(oneLine(body ? plainText(body) : content, MOST_CHARS + 1));
  if (letters.length <= MOST_CHARS) return letters.join("");
  return `${letters
    .slice(0, MOST_CHARS - 1)
    .join("")
    .trimEnd()}…`;
}
