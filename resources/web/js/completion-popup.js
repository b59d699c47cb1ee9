// @ts-check
/**
 * The choices of a completion above the composer. The focus stays in the field, whose keys move and choose.
 *
 * @typedef {import("./completion.js").Choice} Choice
 * @typedef {import("./completion.js").Completion} Completion
 */

import { announce } from "./announce.js";
import { avatar } from "./avatar.js";
import { presenceOf } from "./people.js";
import { complete, queryAt, replaceName } from "./completion.js";
import { el } from "./dom.js";
import { skinTone } from "./emoji-habits.js";
import { icon } from "./icons.js";
import { onKey } from "./keyboard.js";

export class CompletionPopup {
  /** @type {Completion | null} */
  #shown = null;
  /** @type {import("./completion.js").Query | null} what the person has refused, until something else is written */
  #dismissed = null;
  #active = 0;
  /** Whether an input method is composing: Safari 15 does not say so with every input event. */
  #composing = false;

  /**
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} composer what the choices stand above
   * @param {import("./emoji-list.js").EmojiList} emoji
   * @param {object} about
   * @param {(query: import("./completion.js").Query) => import("./completion.js").Place} about.place
   * @param {(person: import("./protocol.js").Mentioned) => void} about.meant a person has been chosen: whose name is
   *   written now, even if another person has it later
   */
  constructor(field, composer, emoji, { place, meant }) {
    this.field = field;
    this.emoji = emoji;
    this.place = place;
    this.meant = meant;
    this.heading = el("p", { class: "popup-heading" });
    this.list = el("ul", { id: "completion", role: "listbox" });
    this.box = el("div", { class: "popup completion", hidden: true }, this.heading, this.list);
    composer.append(this.box);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", "completion");
    field.addEventListener("compositionstart", () => (this.#composing = true));
    field.addEventListener("compositionend", () => this.#composed());
    field.addEventListener("input", (input) => this.#typed(/** @type {InputEvent} */ (input)));
    field.addEventListener("blur", () => this.close());
    field.addEventListener("selectionchange", () => this.#moved());
    document.addEventListener("selectionchange", () => this.#moved());
    // Before the composer, which sends with Enter.
    onKey(composer, (key) => this.#pressed(key), { capture: true });
    this.list.addEventListener("mousedown", (press) => press.preventDefault());
    this.list.addEventListener("click", (click) => this.#clicked(/** @type {Element} */ (click.target)));
  }

  get isOpen() {
    return !this.box.hidden;
  }

  close() {
    if (!this.isOpen) return;
    this.box.hidden = true;
    this.#shown = null;
    this.field.removeAttribute("aria-activedescendant");
  }

  /** Offer what the text before the caret may become, such as after it was changed by a program. */
  offer() {
    const query = queryAt(this.#before);
    const same = query && this.#dismissed?.kind === query.kind && this.#dismissed.start === query.start;
    if (!same) this.#dismissed = null;
    if (query?.kind === "emoji" && !this.emoji.categories.length) return void this.#loadAndOffer();
    const completion = query && !same ? complete(query, this.place(query), this.emoji, skinTone()) : null;
    return completion ? this.#show(completion) : this.close();
  }

  /** Other people of the room are known: choose among them, too. */
  refresh() {
    const query = document.activeElement === this.field ? queryAt(this.#before) : null;
    if (query?.kind !== "person") return;
    const found = complete(query, this.place(query), this.emoji, skinTone());
    const inserts = (/** @type {Completion | null} */ it) => it?.choices.map((choice) => choice.insert).join("\n");
    if (inserts(found) !== inserts(this.#shown)) this.offer();
  }

  async #loadAndOffer() {
    await this.emoji.load();
    if (this.emoji.categories.length) this.offer();
  }

  get #before() {
    return this.field.value.slice(0, this.field.selectionEnd);
  }

  #composed() {
    this.#composing = false;
    this.offer();
  }

  /** @param {InputEvent} input */
  #typed(input) {
    if (this.#composing) return;
    const before = this.#before;
    const replaced = replaceName(before, this.emoji);
    if (replaced !== null && input.inputType === "insertText") this.#replace(0, replaced);
    else this.offer();
  }

  #moved() {
    const query = this.#shown?.query;
    if (!query) return;
    const now = queryAt(this.#before);
    if (now?.kind !== query.kind || now.start !== query.start) this.close();
  }

  /** @param {Completion} completion */
  #show(completion) {
    const opens = !this.isOpen;
    this.#shown = completion;
    this.heading.textContent = completion.heading;
    this.list.setAttribute("aria-label", completion.heading);
    this.list.replaceChildren(...completion.choices.map(rowOf));
    this.box.hidden = false;
    this.#activate(0);
    if (opens) announce(`${completion.heading}: ${completion.choices.length}. Tab takes one.`);
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    if (!this.#shown || key.ctrlKey || key.altKey || key.metaKey || key.shiftKey) return;
    const last = this.#shown.choices.length - 1;
    const acts = new Map([
      ["ArrowDown", () => this.#activate(this.#active < last ? this.#active + 1 : 0)],
      ["ArrowUp", () => this.#activate(this.#active ? this.#active - 1 : last)],
      ["Home", () => this.#activate(0)],
      ["End", () => this.#activate(last)],
      ["Tab", () => this.#take(this.#active)],
      ["Enter", () => this.#take(this.#active)],
      ["Escape", () => this.#dismiss()],
    ]);
    const act = acts.get(key.key);
    if (!act || (key.key === "Enter" && this.#isWritten)) return;
    key.preventDefault();
    key.stopPropagation();
    act();
  }

  /** Whether the active choice is written already: then Enter sends. */
  get #isWritten() {
    const { query, choices } = /** @type {Completion} */ (this.#shown);
    return choices[this.#active].insert.trim().slice(1) === query.text;
  }

  #dismiss() {
    this.#dismissed = this.#shown?.query ?? null;
    this.close();
  }

  /** @param {number} index */
  #activate(index) {
    this.list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const row = this.list.children[index];
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", row.id);
  }

  /** @param {Element} target */
  #clicked(target) {
    const row = target.closest("[role=option]");
    if (row) this.#take([...this.list.children].indexOf(row));
  }

  /** @param {number} index */
  #take(index) {
    const { query, choices } = /** @type {Completion} */ (this.#shown);
    const { user } = choices[index].picture;
    this.close();
    if (user?.author) this.meant({ name: user.nickname, author: user.author });
    this.#replace(query.start, choices[index].insert);
  }

  /**
   * Replace the text from `start` to the caret.
   * @param {number} start
   * @param {string} text
   */
  #replace(start, text) {
    this.field.setRangeText(text, start, this.field.selectionEnd ?? start, "end");
    this.field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
  }
}

/**
 * @param {Choice} choice
 * @param {number} index
 */
function rowOf({ label, found: [start, end], picture, detail, muted = false }, index) {
  const typed = el("b", {}, label.slice(start, end));
  const name = el("bdi", { class: "choice-label elide" }, label.slice(0, start), typed, label.slice(end));
  const key = el("kbd", { class: "key", "aria-hidden": "true" }, "Tab");
  const attributes = { id: `choice-${index}`, class: muted && "muted", role: "option", "aria-selected": "false" };
  return el("li", attributes, pictureOf(picture), name, el("span", { class: "choice-detail elide" }, detail), key);
}

/** @param {import("./completion.js").Picture} picture */
function pictureOf({ user, emoji, icon: drawing }) {
  if (user) return avatar(user, presenceOf(user));
  return el("span", { class: "choice-picture", "aria-hidden": "true" }, emoji ?? icon(drawing ?? ""));
}
