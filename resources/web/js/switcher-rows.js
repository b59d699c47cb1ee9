// @ts-check
/**
 * What the switcher offers for a few letters: rooms, people and actions. The window has `client/switcher.py`.
 *
 * @typedef {import("./room-list.js").RoomSummary} RoomSummary
 * @typedef {{nickname: string, author?: string, status?: string}} Person
 * @typedef {{name: string, title: string, keys: string}} Action
 * @typedef {object} Row
 * @property {"room" | "person" | "action" | "search"} kind
 * @property {string} target the room's name, the person's author or nickname, the action, or the words
 * @property {string} title
 * @property {string} detail
 * @property {[number, number]} found the part of the title that was typed
 * @property {string} heading above the first row of a group
 * @property {number} unread
 * @property {number} mentions
 * @property {boolean} archived
 * @property {Person | null} person
 * @property {string} keys
 */

import { asksForAttention } from "./room-list.js";
import { foldForSearch } from "./search-folding.js";

const MOST_ROOMS = 6;
const MOST_PEOPLE = 5;
const WORD_CHARACTER = /[\p{L}\p{N}]/u;

/**
 * @param {string} typed
 * @param {{rooms: RoomSummary[], people: Person[], actions: Action[], shown: string}} place `shown`: the room on the
 *   screen, which is not offered at first
 * @returns {Row[]}
 */
export function switcherRows(typed, { rooms, people, actions, shown }) {
  const query = foldForSearch(typed.trim());
  const offered = rooms.filter((room) => query || room.name !== shown);
  const groups = [
    group("Rooms", best(query, offered.filter((room) => !room.partner).map(roomRow), MOST_ROOMS)),
    group("People", best(query, peopleRows(offered, people, query), MOST_PEOPLE)),
  ];
  if (!query) return groups.flat();
  const found = actions.map(({ name, title, keys }) => ({ ...rowOf("action", name, title), keys }));
  const search = { ...rowOf("search", typed.trim(), `Search all messages for “${typed.trim()}”`), keys: "Ctrl F" };
  return [...groups, group("Actions", best(query, found, MOST_PEOPLE)), group("Elsewhere", [search])].flat();
}

/**
 * @param {Row["kind"]} kind
 * @param {string} target
 * @param {string} title
 * @returns {Row}
 */
function rowOf(kind, target, title) {
  const counts = { unread: 0, mentions: 0, archived: false };
  return { kind, target, title, detail: "", found: [0, 0], heading: "", ...counts, person: null, keys: "" };
}

/** @param {RoomSummary} room */
function roomRow(room) {
  const { name, title, topic, archived, unread, mentions } = room;
  const counts = asksForAttention(room) ? { unread, mentions } : {};
  return { ...rowOf("room", name, title), detail: archived ? "Archived" : topic, archived, ...counts };
}

/**
 * Those with whom one has a private conversation, and, once something is typed, everybody who is here.
 * @param {RoomSummary[]} rooms
 * @param {Person[]} people
 * @param {string} query
 * @returns {Row[]}
 */
function peopleRows(rooms, people, query) {
  const here = new Map(people.map((person) => [person.author || person.nickname, person]));
  /** @type {Row[]} */
  const rows = [];
  for (const { name, title, partner, unread } of rooms) {
    if (!partner) continue;
    const key = here.has(partner.author) ? partner.author : title;
    const person = here.get(key) ?? { nickname: title, author: partner.author, status: "offline" };
    here.delete(key);
    rows.push({ ...rowOf("room", name, title), unread, person });
  }
  if (query) for (const [author, person] of here) rows.push({ ...rowOf("person", author, person.nickname), person });
  return rows;
}

/**
 * The rows that match best: at the beginning, at the beginning of a word, anywhere; then what is unread.
 * @param {string} query
 * @param {Row[]} rows
 * @param {number} most
 */
function best(query, rows, most) {
  const ranked = rows.flatMap((row) => {
    const place = placeOf(query, row.title);
    if (!place) return [];
    const rank = [place.rank, row.mentions ? 0 : 1, row.unread ? 0 : 1, row.archived ? 1 : 0];
    return [{ rank, row: { ...row, found: place.found } }];
  });
  ranked.sort((one, other) => compare(one.rank, other.rank));
  return ranked.slice(0, most).map(({ row }) => row);
}

/** @param {number[]} one @param {number[]} other */
function compare(one, other) {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at < 0 ? 0 : one[at] - other[at];
}

/**
 * How well a title matches, and where; null if it does not.
 * @param {string} query
 * @param {string} title
 * @returns {{rank: number, found: [number, number]} | null}
 */
function placeOf(query, title) {
  if (!query) return { rank: 0, found: [0, 0] };
  const folded = foldForSearch(title);
  const first = folded.indexOf(query);
  if (first < 0) return null;
  let word = -1;
  for (let at = first; at >= 0 && word < 0; at = folded.indexOf(query, at + 1)) {
    if (!at || !WORD_CHARACTER.test(folded[at - 1])) word = at;
  }
  const at = first && word >= 0 ? word : first;
  // Marked only where folding keeps the places of letters.
  const found = folded.length === title.length ? [at, at + query.length] : [0, 0];
  return { rank: at ? (word >= 0 ? 1 : 2) : 0, found: /** @type {[number, number]} */ (found) };
}

/** @param {string} heading @param {Row[]} rows */
function group(heading, rows) {
  return rows.map((row, index) => ({ ...row, heading: index ? "" : heading }));
}
