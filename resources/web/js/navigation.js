// @ts-check
/**
 * Where a person goes by keys: the switcher, the rooms above and below, and the sheet of all keys.
 *
 * @typedef {import("./switcher-rows.js").Row} Row
 * @typedef {{name: string, title: string, keys: string, act: () => void}} NamedAction
 */

import { phone } from "./dom.js";
import { KeysSheet } from "./keys-sheet.js";
import { asksForAttention } from "./room-list.js";
import { Switcher } from "./switcher.js";
import { switcherRows } from "./switcher-rows.js";

export class Navigation {
  /**
   * @param {import("./client.js").ChatClient} client
   * @param {object} listener
   * @param {(query: string) => void} listener.search Search all messages.
   * @param {(room: string) => void} listener.show Show this room.
   * @param {() => void} listener.emoji The picker is wanted.
   * @param {NamedAction[]} listener.actions
   */
  constructor(client, { search, show, emoji, actions }) {
    this.client = client;
    this.state = client.state;
    this.search = search;
    this.show = show;
    this.emoji = emoji;
    this.keys = new KeysSheet();
    this.actions = [...actions, { name: "keys", title: "Keys", keys: "Ctrl /", act: () => this.keys.open() }];
    this.switcher = new Switcher(
      (typed) => this.#rows(typed),
      (row) => this.#go(row),
      (typed) => client.rooms.find(typed),
    );
  }

  /** What a key does; null for one that does nothing here. @param {KeyboardEvent} key @returns {(() => void) | null} */
  actionOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (altKey && step && !ctrlKey && !metaKey) return () => this.#step(step, shiftKey);
    if (altKey || (shiftKey && key !== "/") || !(ctrlKey || metaKey)) return null;
    if (key.toLowerCase() === "k" && !phone.matches) return () => this.switcher.open();
    if (key === ".") return this.emoji;
    return key === "/" ? () => this.keys.open() : null;
  }

  close() {
    this.switcher.close();
    this.keys.sheet.close();
  }

  /** @param {string} typed */
  #rows(typed) {
    const { shown, own, summaries, list } = this.state;
    const rooms = [...summaries, ...list.foundSummaries(this.state.rooms)];
    const people = [...shown.people.users.values()].filter((person) => !own.isMine(person));
    return switcherRows(typed, { rooms, people, actions: this.actions, shown: shown.name });
  }

  /** @param {Row} row */
  #go({ kind, target, person }) {
    if (kind === "room") this.show(target);
    else if (kind === "person") this.client.rooms.openPrivate(person?.author ? `@${target}` : target);
    else if (kind === "search") this.search(target);
    else this.actions.find(({ name }) => name === target)?.act();
  }

  /**
   * Show the room above or below in the list, or the next one with something unread.
   * @param {number} step
   * @param {boolean} unread
   */
  #step(step, unread) {
    const { summaries, shown } = this.state;
    // One that is being entered is shown before it is joined.
    const rooms = summaries.filter(({ name, joined, archived }) => name === shown.name || (joined && !archived));
    const { length } = rooms;
    const start = rooms.findIndex(({ name }) => name === shown.name);
    const others = rooms.slice(1).map((_, index) => rooms[(start + step * (index + 1) + length * length) % length]);
    const wanted = others.find((room) => !unread || (asksForAttention(room) && (room.unread || room.mentions)));
    if (wanted) this.show(wanted.name);
  }
}
