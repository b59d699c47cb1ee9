// @ts-check
/**
 * Completion: what is being written before the caret, a name, an emoji or a command, and what it may become. The same
 * rules as in chatdesk/client/completion.py; tests/writing_cases.json keeps both equal.
 *
 * @typedef {import("./protocol.js").User} User
 * @typedef {{kind: "person" | "emoji" | "command", start: number, text: string}} Query `start` is where its sign stands
 * @typedef {{user?: User, emoji?: string, icon?: string}} Picture
 * @typedef {{insert: string, label: string, found: [number, number], picture: Picture, detail: string,
 *   muted?: boolean}} Choice `found`: the part of the label that was typed; `muted`: a person outside the room, whom
 *   the name there tells nothing
 * @typedef {{query: Query, heading: string, choices: Choice[]}} Completion
 * @typedef {{room: string, people: User[], count: number, mayAddressAll: boolean, outside?: User[],
 *   keepsOrder?: boolean}} Place the
 *   room that one writes in; `outside`: people of the chat who are not in it; nobody where that is not known
 */

import { foldForSearch } from "./search-folding.js";
import { COMMANDS } from "./slash-commands.js";
import { withTone } from "./emoji-list.js";

/** Choices at most: more than eight rows would have to be scrolled, and two letters more are quicker. */
const MOST = 8;
/** In a room of more people only the host and moderators may address everybody. */
export const ASKS_ABOVE = 15;
/** The name that addresses everybody in the room. */
export const EVERYBODY = "room";

const COMMAND = /^\/([\p{L}\p{N}_-]*)$/u;
const EMOJI = /(?:^|\s):([\p{L}\p{N}_+-]{2,})$/u;
const PERSON = /(?:^|[^\p{L}\p{N}_@＠]|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])[@＠]([^\s@＠][^\n@＠]{0,31})$/u;

/**
 * What is being completed at the end of the text before the caret; null for ordinary words.
 * @param {string} before
 * @returns {Query | null}
 */
export function queryAt(before) {
  /** @type {[Query["kind"], RegExp][]} */
  const kinds = [
    ["command", COMMAND],
    ["emoji", EMOJI],
    ["person", PERSON],
  ];
  for (const [kind, pattern] of kinds) {
    const text = pattern.exec(before)?.[1];
    if (text !== undefined) return { kind, start: before.length - text.length - 1, text };
  }
  return null;
}

/**
 * The choices for a query; null if there are none.
 * @param {Query} query
 * @param {Place} place
 * @param {import("./emoji-list.js").EmojiList} emoji
 * @param {number} tone number of the skin tone
 * @returns {Completion | null}
 */
export function complete(query, place, emoji, tone) {
  const { kind, text } = query;
  const [heading, choices] =
    kind === "command"
      ? ["Commands", commands(text, place.keepsOrder)]
      : kind === "emoji"
        ? [`Emoji that begin with :${text}`, emojiChoices(text, emoji, tone)]
        : peopleAround(text, place);
  return choices.length ? { query, heading, choices } : null;
}

/**
 * The people of the chat who are not in the room.
 * @param {Iterable<User>} chat
 * @param {Iterable<User>} room
 */
export function peopleOutside(chat, room) {
  const inside = new Set([...room].flatMap(({ author, nickname }) => [author, nickname]));
  return [...chat].filter(({ author, nickname }) => !inside.has(author || nickname) && !inside.has(nickname));
}

/** Whether a text may mention everybody; the host knows whether it does. @param {string} content */
export function addressesAll(content) {
  return /(?:^|[^\p{L}\p{N}_@＠])[@＠]room(?![\p{L}\p{N}_])/iu.test(content);
}

/**
 * The text before the caret with the `:name:` at its end as an emoji; null if there is none.
 * @param {string} before
 * @param {import("./emoji-list.js").EmojiList} emoji
 */
export function replaceName(before, emoji) {
  const [, word = "", name = ""] = /(?:^|\s)(:([\p{L}\p{N}_+-]+):)$/u.exec(before) ?? [];
  const found = name && emoji.byShortName(name);
  return found ? before.slice(0, before.length - word.length) + found.text : null;
}

/**
 * @param {string} typed
 * @param {boolean} [keepsOrder]
 * @returns {Choice[]}
 */
function commands(typed, keepsOrder = false) {
  const start = typed.toLowerCase();
  const known = COMMANDS.filter(({ order }) => keepsOrder || !order);
  return known.filter(({ name }) => name.startsWith(start)).map(({ name, help }) => ({
    insert: `/${name} `,
    label: `/${name}`,
    found: [0, typed.length + 1],
    picture: { icon: "terminal" },
    detail: help,
  }));
}

/**
 * @param {string} typed
 * @param {import("./emoji-list.js").EmojiList} list
 * @param {number} tone
 * @returns {Choice[]}
 */
function emojiChoices(typed, list, tone) {
  return list.completions(typed, MOST).map(([name, entry]) => {
    const emoji = withTone(entry, tone);
    return { insert: `${emoji} `, label: `:${name}:`, found: [0, typed.length + 1], picture: { emoji }, detail: "" };
  });
}

/**
 * @param {string} typed
 * @param {Place} place
 * @returns {[heading: string, choices: Choice[]]}
 */
function peopleAround(typed, place) {
  const inside = people(typed, place.people);
  const outside = people(typed, place.outside ?? []).slice(0, MOST - inside.length);
  const muted = outside.map((choice) => ({ ...choice, detail: "will not be told", muted: true }));
  const offersAll = [EVERYBODY, "all"].some((word) => word.startsWith(typed.toLowerCase()));
  const all = place.mayAddressAll && offersAll ? [everybody(typed, place)] : [];
  const isOutside = !inside.length && !all.length && muted.length > 0;
  return [`People ${isOutside ? "outside" : "in"} ${place.room}`, [...inside, ...all, ...muted]];
}

/**
 * Those whose names match, the best first, and not too many.
 * @param {string} typed
 * @param {User[]} users
 * @returns {Choice[]}
 */
function people(typed, users) {
  const folded = foldForSearch(typed);
  const ranked = users.map((user) => ({ user, rank: rankOf(folded, user.nickname) }));
  const found = ranked.filter(({ rank }) => rank < 2).sort((one, other) => one.rank - other.rank);
  return found.slice(0, MOST).map(({ user }) => ({
    insert: `@${user.nickname} `,
    label: user.nickname,
    found: foundIn(typed, user.nickname),
    picture: { user },
    detail: "",
  }));
}

/**
 * @param {string} typed
 * @param {Place} place
 * @returns {Choice}
 */
function everybody(typed, { count }) {
  const label = `all ${count} in this room`;
  const detail = `@${EVERYBODY}${count > ASKS_ABOVE ? ", asks first" : ""}`;
  return { insert: `@${EVERYBODY} `, label, found: foundIn(typed, label), picture: { icon: "people" }, detail };
}

/**
 * 0 for a name that begins with what was typed, 1 for one of whose words one does, 2 for another.
 * @param {string} folded
 * @param {string} nickname
 */
function rankOf(folded, nickname) {
  const name = foldForSearch(nickname);
  if (name.startsWith(folded)) return 0;
  return name.includes(` ${folded}`) ? 1 : 2;
}

/**
 * Where what was typed stands in a label, at the beginning of a word; nowhere if accents make it another.
 * @param {string} typed
 * @param {string} label
 * @returns {[number, number]}
 */
function foundIn(typed, label) {
  const [start, lower] = [typed.toLowerCase(), label.toLowerCase()];
  for (let at = lower.indexOf(start); at >= 0; at = lower.indexOf(start, at + 1)) {
    if (!at || !/[\p{L}\p{N}_]/u.test(label[at - 1])) return [at, at + typed.length];
  }
  return [0, 0];
}
