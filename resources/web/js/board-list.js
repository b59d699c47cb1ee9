// @ts-check
/**
 * A list on the board, whose rows stand still under the pointer: new ones come at the end, and what is gone leaves a
 * gap for a second. On a row A accepts, X refuses, Enter opens its menu, and the arrows go to the next one.
 *
 * @typedef {import("./message-menu.js").Choice} Choice
 * @typedef {{words: string, drawing: string, act: () => void}} Act
 * @typedef {object} BoardRow
 * @property {string} key
 * @property {HTMLElement} picture
 * @property {HTMLElement} text
 * @property {Act} accept
 * @property {Act} refuse
 * @property {boolean} [inMenu] whether both are in the menu alone
 * @property {() => Choice[]} choices what else can be done, in the menu
 */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { onKey } from "./keyboard.js";

/** For how long the gap of what is gone stays, in ms: a click that is under way hits nothing else. */
const GAP = 1000;

export class BoardList {
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();

  /** @param {HTMLElement} list @param {import("./message-menu.js").MessageMenu} menu */
  constructor(list, menu) {
    this.list = list;
    this.menu = menu;
  }

  /** Show these rows; one whose words have changed is drawn again in its place. @param {BoardRow[]} rows */
  draw(rows) {
    const keys = new Set(rows.map(({ key }) => key));
    for (const [key, row] of this.#rows) if (!keys.has(key)) this.#remove(key, row);
    for (const content of rows) {
      const row = this.#row(content);
      const old = this.#rows.get(content.key);
      if (old?.textContent === row.textContent) continue;
      if (old) replace(old, row);
      else this.list.append(row);
      this.#rows.set(content.key, row);
    }
  }

  /** The first row that is there, if any. @returns {HTMLElement | null} */
  get first() {
    return this.list.querySelector(".order-row:not(.gone)");
  }

  /** @param {string} key @param {HTMLElement} row */
  #remove(key, row) {
    this.#rows.delete(key);
    row.classList.add("gone");
    row.setAttribute("aria-hidden", "true");
    const next = neighbour(row, "nextElementSibling") ?? neighbour(row, "previousElementSibling");
    if (row.contains(document.activeElement)) (next ?? closeButton(row))?.focus();
    row.removeAttribute("tabindex");
    setTimeout(() => row.remove(), GAP);
  }

  /** @param {BoardRow} content */
  #row(content) {
    const { picture, text, accept, refuse, inMenu } = content;
    const about = text.querySelector("bdi")?.textContent ?? "";
    const more = button({ words: "", act: () => this.#openMenu(row, about, content) }, "icon-button");
    more.setAttribute("aria-haspopup", "dialog");
    more.setAttribute("aria-label", `More for ${about}`);
    more.append(icon("more"));
    const buttons = inMenu ? [more] : [button(refuse, "button quiet"), button(accept, "button soft")];
    const attributes = { class: "order-row", tabindex: 0, "aria-keyshortcuts": "a x Enter" };
    const row = el("li", attributes, picture, text, ...buttons);
    const open = () => this.#openMenu(row, about, content);
    row.addEventListener("contextmenu", (click) => {
      click.preventDefault();
      open();
    });
    onKey(row, (key) => pressed(key, row, { a: accept.act, x: refuse.act, enter: open }));
    return row;
  }

  /** @param {HTMLElement} row @param {string} about @param {BoardRow} content */
  #openMenu(row, about, { accept, refuse, choices }) {
    if (row.classList.contains("gone")) return;
    row.focus();
    this.menu.openChoices(/** @type {HTMLElement} */ (row.lastElementChild), about, [accept, refuse, ...choices()]);
  }
}

/** @param {Pick<Act, "words" | "act">} act @param {string} look */
function button({ words, act }, look) {
  const made = el("button", { type: "button", class: look, tabindex: -1 }, words);
  made.addEventListener("click", () => made.closest(".gone") ?? act());
  return made;
}

/**
 * @param {KeyboardEvent} key
 * @param {HTMLElement} row
 * @param {Record<string, () => void>} acts by key
 */
function pressed(key, row, acts) {
  if (key.target !== row || key.ctrlKey || key.metaKey || key.altKey) return;
  const act = row.classList.contains("gone") ? undefined : acts[key.key.toLowerCase()];
  const side = key.key === "ArrowDown" ? "nextElementSibling" : key.key === "ArrowUp" ? "previousElementSibling" : null;
  if (!act && !side) return;
  key.preventDefault();
  if (act) act();
  else if (side) neighbour(row, side)?.focus();
}

/**
 * The next row in a direction that is not gone.
 * @param {HTMLElement} row
 * @param {"nextElementSibling" | "previousElementSibling"} side
 */
function neighbour(row, side) {
  let next = row[side];
  while (next?.classList.contains("gone")) next = next[side];
  return /** @type {HTMLElement | null} */ (next);
}

/** @param {HTMLElement} row @returns {HTMLElement | null | undefined} */
function closeButton(row) {
  return row.closest("dialog")?.querySelector(".form-sheet-head button");
}

/** @param {HTMLElement} old @param {HTMLElement} row */
function replace(old, row) {
  const hadFocus = old === document.activeElement;
  old.replaceWith(row);
  if (hadFocus) row.focus();
}
