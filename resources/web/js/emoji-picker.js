// @ts-check
/**
 * The picker of emoji: by category, by search, the ones used last, and the skin tone. It opens above a control, on
 * phones in place of the keyboard. Escape clears the search, and once more closes.
 */

import { announce } from "./announce.js";
import { byId, el, phone } from "./dom.js";
import { EmojiGrid } from "./emoji-grid.js";
import { recentEmoji, setSkinTone, skinTone, useEmoji } from "./emoji-habits.js";
import { icon } from "./icons.js";
import { onKey } from "./keyboard.js";
import { SkinToneChoice } from "./skin-tone-choice.js";

/** Icon, name, and the section at which each tab begins; people follow the faces without a tab of their own. */
const TABS = /** @type {[icon: string, name: string, section: number][]} */ ([
  ["clock", "Recent", 0],
  ["smile", "Faces and people", 1],
  ["leaf", "Nature", 3],
  ["cup", "Food", 4],
  ["ball", "Activities", 5],
  ["car", "Travel", 6],
  ["bulb", "Objects", 7],
  ["heart", "Symbols", 8],
  ["flag", "Flags", 9],
]);
/** @type {Record<string, [rows: number, columns: number]>} */
const ARROWS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-5, 0],
  PageDown: [5, 0],
};
/** The gap between the picker and its control, and at least to the edges, in px. */
const GAP = 8;

export class EmojiPicker {
  /** @type {((emoji: string | null) => void) | null} */
  #reply = null;
  /** @type {HTMLElement | null} */
  #anchor = null;
  /** @type {HTMLElement | null} */
  #above = null;
  /** @type {HTMLElement | null} */
  #focusedBefore = null;

  /** @param {import("./emoji-list.js").EmojiList} list */
  constructor(list) {
    this.list = list;
    this.field = el("input", {
      ...{ type: "search", role: "combobox", placeholder: "Search, like wheel", "aria-label": "Search emoji" },
      ...{ "aria-controls": "emoji-grid", "aria-expanded": "true", "aria-haspopup": "grid" },
      ...{ "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false" },
    });
    this.grid = new EmojiGrid(this.field, {
      chosen: (emoji) => this.#choose(emoji),
      pointed: (emoji, text) => this.#describe(emoji, text),
    });
    this.tone = new SkinToneChoice((tone) => this.#setTone(tone));
    this.tabs = el("div", { class: "emoji-tabs" }, ...TABS.map((tab) => this.#tab(...tab)));
    this.nothing = el("div", { class: "emoji-nothing", hidden: true });
    this.nothing.append(
      el("p", { class: "emoji-name" }, "No emoji by that name"),
      el("p", {}, "Try one word, such as tool."),
    );
    this.foot = el("footer", { class: "emoji-foot" });
    const search = el("div", { class: "field search-field" }, icon("search"), this.field);
    const head = el("header", { class: "emoji-head" }, search, this.tone.button);
    this.box = el("div", { id: "emoji-picker", class: "popup emoji-picker", role: "dialog", "aria-label": "Emoji" });
    this.box.append(head, this.tone.choice, this.tabs, this.grid.box, this.nothing, this.foot);
    this.box.hidden = true;
    byId("chat").append(this.box);
    this.#listen();
  }

  /**
   * Let the person choose. Returns the emoji, or null if none is chosen.
   * @param {HTMLElement} anchor the control that opens the picker
   * @param {HTMLElement} [above] what it stands above, by default that
   * @returns {Promise<string | null>}
   */
  pick(anchor, above = anchor) {
    const again = anchor === this.#anchor;
    this.close();
    if (again) return Promise.resolve(null);
    this.#above = above;
    return new Promise((reply) => this.#open(anchor, reply));
  }

  /** Close without a choice. */
  close() {
    this.#finish(null);
  }

  /**
   * @param {HTMLElement} anchor
   * @param {(emoji: string | null) => void} reply
   */
  async #open(anchor, reply) {
    this.#anchor = anchor;
    this.#reply = reply;
    this.#focusedBefore = /** @type {HTMLElement | null} */ (document.activeElement);
    anchor.setAttribute("aria-expanded", "true");
    (document.querySelector("dialog[open]") ?? byId("chat")).append(this.box);
    this.box.hidden = false;
    this.field.value = "";
    this.tone.close();
    if (phone.matches) this.#focusedBefore?.blur(); // the on-screen keyboard closes
    else this.field.focus();
    await this.list.load();
    this.#show();
    this.#place();
    if (!this.list.categories.length) this.foot.textContent = "The list of emoji has not arrived: try again.";
  }

  #listen() {
    this.field.addEventListener("input", () => this.#show());
    this.grid.box.addEventListener("scroll", () => this.#markTab(), { passive: true });
    onKey(this.box, (key) => this.#pressed(key));
    document.addEventListener("mousedown", (press) => this.#pressedBeside(/** @type {Node} */ (press.target)));
    window.addEventListener("resize", () => this.#place());
  }

  /** @param {Node} target */
  #pressedBeside(target) {
    if (!this.box.hidden && !this.box.contains(target) && !this.#anchor?.contains(target)) this.close();
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    const act = key.target === this.field ? this.#actionOf(key) : key.key === "Escape" ? () => this.close() : null;
    if (key.key === "Tab") return this.#keepFocus(key);
    if (!act) return undefined;
    key.preventDefault();
    key.stopPropagation();
    return act();
  }

  /** What a key in the field does in the grid. @param {KeyboardEvent} key */
  #actionOf({ key, ctrlKey, altKey, metaKey }) {
    if (key === "Enter") return () => this.grid.choose();
    if (key === "Escape") return () => this.#stepBack();
    const { value, selectionStart } = this.field;
    const within = value && selectionStart !== value.length && (key === "ArrowLeft" || key === "ArrowRight");
    const arrow = ARROWS[key];
    return arrow && !within && !ctrlKey && !altKey && !metaKey ? () => this.grid.move(...arrow) : null;
  }

  /** Tab goes from the field to the tone and the tabs, and around. @param {KeyboardEvent} key */
  #keepFocus(key) {
    const stops = /** @type {HTMLElement[]} */ ([...this.box.querySelectorAll("input, button")]).filter(
      (stop) => stop.offsetParent && stop.tabIndex >= 0,
    );
    const place = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    stops[(place + (key.shiftKey ? -1 : 1) + stops.length) % stops.length].focus();
    key.preventDefault();
  }

  #stepBack() {
    if (!this.field.value) return this.close();
    this.field.value = "";
    return this.#show();
  }

  #show() {
    const query = this.field.value.trim();
    const found = this.list.search(query);
    const sections = query ? [{ heading: `${found.length} found`, emoji: found }] : this.#everything();
    this.grid.show(query && !found.length ? [] : sections, skinTone());
    this.grid.box.hidden = query !== "" && !found.length;
    this.nothing.hidden = !this.grid.box.hidden;
    if (query) announce(found.length ? `${found.length} found` : "No emoji by that name");
    this.#markTab();
  }

  #everything() {
    const recent = recentEmoji().map((text) => {
      const plain = text.replace(/[\u{1f3fb}-\u{1f3ff}]/gu, "");
      const known = this.list.find(plain) ?? this.list.find(`${plain}\ufe0f`);
      return known && { ...known, text, toned: known.toned && plain === text };
    });
    const shown = /** @type {import("./emoji-list.js").Emoji[]} */ (recent.filter(Boolean));
    const categories = this.list.categories.map(({ name, emoji }) => ({ heading: name, emoji }));
    return [{ heading: "Recent", emoji: shown }, ...categories];
  }

  /**
   * @param {string} drawing
   * @param {string} name
   * @param {number} section
   */
  #tab(drawing, name, section) {
    const tab = el("button", { type: "button", class: "emoji-tab", title: name, "aria-label": name }, icon(drawing));
    tab.addEventListener("click", () => {
      this.field.value = "";
      this.#show();
      this.grid.scrollTo(section);
    });
    return tab;
  }

  #markTab() {
    const shown = this.field.value ? -1 : this.grid.firstSection;
    const last = TABS.filter(([, , section]) => section <= shown).length - 1;
    [...this.tabs.children].forEach((tab, place) => tab.setAttribute("aria-current", String(place === last)));
  }

  /** @param {number} tone */
  #setTone(tone) {
    setSkinTone(tone);
    this.#show();
    this.field.focus();
  }

  /**
   * @param {import("./emoji-list.js").Emoji | null} emoji
   * @param {string} text
   */
  #describe(emoji, text) {
    if (!emoji) return this.foot.replaceChildren(el("p", {}, "Esc clears the search, once more closes"));
    const names = el("div", {}, el("p", { class: "emoji-name" }, emoji.name), el("p", {}, `:${emoji.shortNames[0]}:`));
    return this.foot.replaceChildren(el("span", { class: "emoji-shown", "aria-hidden": "true" }, text), names);
  }

  /** @param {string} emoji */
  #choose(emoji) {
    useEmoji(emoji);
    this.#finish(emoji);
  }

  /** @param {string | null} emoji */
  #finish(emoji) {
    if (this.box.hidden) return;
    this.box.hidden = true;
    this.#anchor?.setAttribute("aria-expanded", "false");
    this.#anchor = null;
    document.documentElement.style.removeProperty("--picker");
    document.documentElement.classList.remove("picking");
    this.#focusedBefore?.focus();
    this.#reply?.(emoji);
    this.#reply = null;
  }

  /** Above the control, within the page; on phones the style sheet places it. */
  #place() {
    if (this.box.hidden || !this.#above) return;
    const { style, offsetWidth: width, offsetHeight: height } = this.box;
    style.left = style.top = "";
    document.documentElement.classList.add("picking");
    document.documentElement.style.setProperty("--picker", phone.matches ? `${height}px` : "0px");
    if (phone.matches) return;
    const above = this.#above.getBoundingClientRect();
    style.left = `${Math.max(GAP, Math.min(above.right - width, innerWidth - width - GAP))}px`;
    style.top = `${Math.max(GAP, above.top - GAP - height)}px`;
  }
}

