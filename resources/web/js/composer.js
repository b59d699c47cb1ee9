// @ts-check
/**
 * The field for writing messages.
 *
 * @typedef {object} Listener
 * @property {(content: string) => void} sent
 * @property {() => void} emptied Enter was pressed, and there is nothing to send
 * @property {(active: boolean) => void} typed the person is typing, or has stopped
 * @property {(text: string) => void} changed the new value of the field
 */

import { announce } from "./announce.js";
import { cleanContent, cleanText, isVisible } from "./clean-text.js";
import { markInvalid, byId, phone } from "./dom.js";
import { onKey } from "./keyboard.js";

/** The field grows up to this many lines: it leaves most of a phone to the messages. */
const MOST_LINES = 8;
/** The counter is shown from this share of the limit on: early enough to finish the sentence. */
const NEAR_LIMIT = 0.9;

export class Composer {
  /** Whether an input method is composing: Safari 15 does not set `isComposing` for every input event. */
  #composing = false;
  #muted = "";
  #paused = "";
  #editing = false;

  /** @param {Listener} listener */
  constructor(listener) {
    this.field = /** @type {HTMLTextAreaElement} */ (byId("message"));
    this.button = /** @type {HTMLButtonElement} */ (byId("send"));
    this.counter = byId("message-count");
    this.listener = listener;
    this.limit = Infinity;
    this.field.addEventListener("compositionstart", () => (this.#composing = true));
    this.field.addEventListener("compositionend", () => this.#composed());
    this.field.addEventListener("input", () => this.#typed());
    onKey(this.field, (key) => this.#pressed(key));
    // A tap on the button must not move the focus: the on-screen keyboard would close.
    this.button.addEventListener("mousedown", (press) => press.preventDefault());
    byId("composer").addEventListener("submit", (submit) => this.#submit(submit));
    phone.addEventListener("change", () => this.fit());
  }

  /**
   * @param {string} placeholder
   * @param {number} limit longest message, in characters
   */
  describe(placeholder, limit) {
    if (placeholder === this.field.placeholder && limit === this.limit) return;
    this.field.placeholder = placeholder;
    this.limit = limit;
    this.#update();
  }

  /**
   * No message can be sent for a moment, and why not: a sentence, or empty. What is written stays; edits and commands
   * are sent.
   * @param {string} sentence
   */
  pause(sentence) {
    if (this.#paused === sentence) return;
    this.#paused = sentence;
    const note = byId("composer-paused");
    note.textContent = sentence;
    note.hidden = !sentence;
    this.#update();
  }

  /** Another text for a message is written, or no longer. @param {boolean} active */
  edit(active) {
    this.#editing = active;
    this.button.disabled = !this.#canSend;
  }

  /** Show a half-written message. @param {string} text */
  show(text) {
    this.field.value = cleanText(text);
    this.#update();
  }

  /** Say why nothing can be written; what is in the field stays. @param {string} sentence empty if it can */
  mute(sentence) {
    if (this.#muted === sentence) return;
    this.#muted = sentence;
    this.field.readOnly = sentence !== "";
    byId("composer").classList.toggle("muted", sentence !== "");
    const note = byId("composer-muted");
    note.textContent = sentence;
    note.hidden = !sentence;
    this.#update();
  }

  focus() {
    this.field.focus();
  }

  /**
   * Insert a refused message above what is being written, with the cursor behind it.
   * @param {string} content
   */
  takeBack(content) {
    const text = cleanText(content);
    this.field.setRangeText(this.field.value ? `${text}\n` : text, 0, 0);
    this.field.setSelectionRange(text.length, text.length);
    this.#changed();
    this.focus();
  }

  /** Insert text at the cursor, and go on writing behind it. @param {string} text */
  insert(text) {
    const { field } = this;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    this.focus();
    field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
  }

  /** Empty the field. Returns what is to be sent of its text; empty if it cannot be sent. */
  take() {
    const content = cleanContent(this.field.value);
    if (!content || this.#length(content) > this.limit) return "";
    this.field.value = "";
    this.#update();
    this.listener.changed("");
    return content;
  }

  /** Adapt the height to the text, up to the most lines. */
  fit() {
    const { field } = this;
    const most = MOST_LINES * parseFloat(getComputedStyle(field).lineHeight);
    field.style.height = "auto";
    const frame = field.offsetHeight - field.clientHeight;
    field.style.height = `${Math.min(field.scrollHeight, most) + frame}px`;
  }

  /** Clean pasted and dropped text. */
  #clean() {
    const { value, selectionEnd } = this.field;
    const text = cleanText(value);
    if (text === value) return;
    this.field.value = text;
    const end = cleanText(value.slice(0, selectionEnd)).length;
    this.field.setSelectionRange(end, end);
  }

  #composed() {
    this.#composing = false;
    this.#typed();
  }

  #typed() {
    if (!this.#composing) this.#clean();
    this.#changed();
  }

  #changed() {
    const text = this.field.value;
    this.#update();
    this.listener.changed(text);
    this.listener.typed(isVisible(text) && !text.startsWith("/"));
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    if (key.key !== "Enter" || key.shiftKey) return;
    this.#submit(key);
  }

  /** @param {globalThis.Event} event */
  #submit(event) {
    event.preventDefault();
    if (this.#muted) return announce(this.#muted);
    if (this.#waits) return announce(this.#paused);
    const content = this.take();
    if (content) this.listener.sent(content);
    else if (!cleanContent(this.field.value)) this.listener.emptied();
    return undefined;
  }

  get #canSend() {
    const content = cleanContent(this.field.value);
    const fits = content !== "" && this.#length(content) <= this.limit;
    return fits && !this.#muted && !this.#waits;
  }

  /** Whether what is written is a message, which cannot be sent yet. */
  get #waits() {
    return this.#paused !== "" && !this.#editing && !this.field.value.startsWith("/");
  }

  /** @param {string} content counted in code points, as the host does */
  #length(content) {
    return Array.from(content).length;
  }

  #update() {
    const length = this.#length(cleanContent(this.field.value));
    const tooLong = length > this.limit;
    this.button.disabled = !this.#canSend;
    this.counter.hidden = length < this.limit * NEAR_LIMIT;
    // It describes the field: screen readers would say it even while hidden.
    this.counter.textContent = this.counter.hidden ? "" : `${length} of ${this.limit} characters`;
    if (tooLong && !this.counter.classList.contains("too-long")) announce(`Too long: ${this.counter.textContent}.`);
    this.counter.classList.toggle("too-long", tooLong);
    markInvalid(this.field, tooLong);
    this.fit();
  }
}
