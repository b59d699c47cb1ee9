// @ts-check
/**
 * The board of those who keep order: what waits for approval, and raised hands. Rows stand still under the pointer: new
 * ones come at the end, and what is gone leaves a gap for a second.
 *
 * @typedef {{key: string, row: HTMLElement}} Drawn
 */

import { avatar, namelessAvatar } from "./avatar.js";
import { clockTime } from "./date-time.js";
import { byId, el, nameElement, setHidden, setLabel, setText } from "./dom.js";
import { onKey } from "./keyboard.js";
import { isolated } from "./nickname.js";
import { Sheet } from "./sheet.js";

/** For how long the gap of what is gone stays, in ms: a click that is under way hits nothing else. */
const GAP = 1000;

/** Rows by key, of which none moves while it is there. */
class BoardList {
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();

  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
  }

  /**
   * @template Item
   * @param {Item[]} items
   * @param {(item: Item) => string} keyOf
   * @param {(item: Item) => HTMLElement} make
   */
  draw(items, keyOf, make) {
    const keys = new Set(items.map(keyOf));
    for (const [key, row] of this.#rows) if (!keys.has(key)) this.#remove(key, row);
    for (const item of items) {
      const key = keyOf(item);
      if (this.#rows.has(key)) continue;
      const row = make(item);
      this.#rows.set(key, row);
      this.list.append(row);
    }
  }

  /** @param {string} key @param {HTMLElement} row */
  #remove(key, row) {
    this.#rows.delete(key);
    const next = /** @type {HTMLElement | null} */ (row.nextElementSibling ?? row.previousElementSibling);
    if (row.contains(document.activeElement)) next?.focus();
    row.classList.add("gone");
    row.setAttribute("aria-hidden", "true");
    setTimeout(() => row.remove(), GAP);
  }
}

export class OrderBoard {
  /** @param {import("./client.js").ChatClient} client */
  constructor(client) {
    this.client = client;
    this.sheet = new Sheet(byId("order-board"));
    this.held = new BoardList(byId("order-held"));
    this.hands = new BoardList(byId("order-hands"));
    byId("order-close").addEventListener("click", () => this.sheet.close());
    byId("order-lower").addEventListener("click", () => client.pace.lower(client.state.shown.name, ""));
  }

  open() {
    this.render();
    this.sheet.open();
  }

  render() {
    const { pace, order, state } = this.client;
    const { name } = state.shown;
    const keeps = order.may(name, "approve");
    const { waiting } = pace;
    const { hands, count } = pace.of(name);
    const things = waiting.length + count;
    setHidden("order-open", !keeps);
    setText("order-count", things ? String(things) : "");
    setLabel("order-open", things ? `Keeping order, ${things} wait for you` : "Keeping order");
    setText("order-held-count", String(waiting.length));
    setText("order-hands-count", String(count));
    setHidden("order-held-none", waiting.length > 0);
    setHidden("order-hands-none", count > 0);
    setHidden("order-lower", !count);
    const keyOf = (/** @type {{held: number}} */ { held }) => String(held);
    this.held.draw(waiting, keyOf, (message) => this.#heldRow(message));
    this.hands.draw(hands, ({ author, raised_at: at }) => `${author} ${at}`, (hand) => this.#handRow(name, hand));
  }

  /** @param {import("./pace.js").HeldMessage & {room: string}} message */
  #heldRow({ held, nickname, author, content, timestamp, nameless, room }) {
    const { pace } = this.client;
    const show = (/** @type {boolean} */ approve) => pace.decide(held, approve);
    const head = el("p", { class: "order-head" }, nameElement(nickname, { class: nameless ? "nameless" : "name" }));
    head.append(el("span", { class: "hint" }, ` ${clockTime(Date.parse(timestamp))} in ${isolated(room)}`));
    const text = el("div", {}, head, el("p", { class: "order-text", dir: "auto" }, content));
    const words = { refuse: "Refuse", accept: "Show it" };
    const acts = { accept: () => show(true), refuse: () => show(false) };
    return rowOf(face({ nickname, author, nameless }), text, words, acts);
  }

  /** @param {string} room @param {import("./pace.js").Hand} hand */
  #handRow(room, { nickname, author, raised_at: at }) {
    const { pace } = this.client;
    const text = el("p", { class: "order-head" }, nameElement(nickname, { class: "name" }));
    text.append(el("span", { class: "hint" }, ` ${clockTime(Date.parse(at))}`));
    const acts = { accept: () => pace.call(room, author), refuse: () => pace.lower(room, author) };
    return rowOf(face({ nickname, author, nameless: false }), text, { refuse: "Lower", accept: "Call" }, acts);
  }
}

/**
 * A row with two buttons; on the row itself A accepts and X refuses.
 * @param {HTMLElement} picture
 * @param {HTMLElement} text
 * @param {{accept: string, refuse: string}} words
 * @param {{accept: () => void, refuse: () => void}} acts
 */
function rowOf(picture, text, words, acts) {
  const refuse = el("button", { type: "button", class: "button quiet", tabindex: -1 }, words.refuse);
  const accept = el("button", { type: "button", class: "button soft", tabindex: -1 }, words.accept);
  const row = el("li", { class: "order-row", tabindex: 0, "aria-keyshortcuts": "a x" }, picture, text, refuse, accept);
  const act = (/** @type {() => void} */ work) => !row.classList.contains("gone") && work();
  refuse.addEventListener("click", () => act(acts.refuse));
  accept.addEventListener("click", () => act(acts.accept));
  onKey(row, (key) => {
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    const work = { a: acts.accept, x: acts.refuse }[key.key.toLowerCase()];
    if (work) key.preventDefault();
    if (work) act(work);
  });
  return row;
}

/** @param {{nickname: string, author: string, nameless: boolean}} person */
function face({ nickname, author, nameless }) {
  return nameless ? namelessAvatar() : avatar({ nickname, author });
}
