// @ts-check
/**
 * All emoji by category, as the host has them in `/emoji.json`: the same names and keywords as in the window. They are
 * loaded when they are first needed.
 *
 * @typedef {{text: string, name: string, shortNames: string[], toned: boolean, words: string}} Emoji
 * @typedef {{name: string, emoji: Emoji[]}} Category
 * @typedef {[text: string, name: string, shortNames: string[], keywords: string[], toned: boolean]} Sent
 */

import { urlOf } from "./base-url.js";

/** Unicode's modifiers from none (yellow) over light to dark. */
export const SKIN_TONES = ["", "\u{1f3fb}", "\u{1f3fc}", "\u{1f3fd}", "\u{1f3fe}", "\u{1f3ff}"];

export class EmojiList {
  /** @type {Promise<void> | null} */
  #loading = null;

  constructor() {
    /** @type {Category[]} empty before they are loaded */
    this.categories = [];
  }

  /** Load the emoji, unless they are here. A host that cannot be reached is asked again the next time. */
  load() {
    this.#loading ??= this.#load().catch(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #load() {
    const response = await fetch(urlOf("emoji.json"));
    if (!response.ok) throw new Error("The host has no list of emoji.");
    const sent = /** @type {[name: string, emoji: Sent[]][]} */ (await response.json());
    this.categories = sent.map(([name, emoji]) => ({ name, emoji: emoji.map(described) }));
  }

  get #all() {
    return this.categories.flatMap((category) => category.emoji);
  }

  /**
   * The emoji that have words beginning with each word of the query.
   * @param {string} query
   */
  search(query) {
    const words = query.toLowerCase().replace(/[_:]/gu, " ").split(/\s+/u).filter(Boolean);
    return words.length ? this.#all.filter((emoji) => words.every((word) => emoji.words.includes(` ${word}`))) : [];
  }

  /**
   * The emoji whose short names begin with `start`, each with that name; names that are shown come first.
   * @param {string} start
   * @param {number} limit
   * @returns {[name: string, emoji: Emoji][]}
   */
  completions(start, limit) {
    const typed = start.toLowerCase();
    /** @type {(emoji: Emoji) => [string, Emoji] | null} */
    const named = (emoji) => {
      const name = emoji.shortNames.find((known) => known.startsWith(typed));
      return name ? [name, emoji] : null;
    };
    const found = /** @type {[string, Emoji][]} */ (this.#all.map(named).filter(Boolean));
    const shown = found.filter(([name, emoji]) => name === emoji.shortNames[0]);
    const others = found.filter(([name, emoji]) => name !== emoji.shortNames[0]);
    return [...shown, ...others].slice(0, limit);
  }

  /** @param {string} name as between colons */
  byShortName(name) {
    return this.#all.find((emoji) => emoji.shortNames.includes(name.toLowerCase()));
  }

  /** @param {string} text without a skin tone */
  find(text) {
    return this.#all.find((emoji) => emoji.text === text);
  }
}

/**
 * An emoji in a skin tone, or as it is if it has none. The tone stands behind the first character.
 * @param {Emoji} emoji
 * @param {number} tone its number in `SKIN_TONES`
 */
export function withTone({ text, toned }, tone) {
  if (!toned || !tone) return text;
  const [first, ...rest] = Array.from(text);
  return first + SKIN_TONES[tone] + rest.join("").replace(/^\ufe0f/u, "");
}

/** @param {Sent} sent @returns {Emoji} */
function described([text, name, shortNames, keywords, toned]) {
  const words = ` ${[name, ...shortNames, ...keywords].join(" ")}`.toLowerCase().replace(/_/gu, " ");
  return { text, name, shortNames, toned, words };
}
