// @ts-check
/**
 * The bar of buttons on the message under the pointer or with the focus, and the keys that do the same. Up and Down
 * walk from message to message.
 *
 * @typedef {import("./transcript.js").MessageEntry} MessageEntry
 * @typedef {"react" | "reply" | "pin" | "more" | "edit" | "delete" | "unread" | "information" | "people"} Act
 *   `people`: who has reacted
 */

import { clockTime } from "./date-time.js";
import { el, touch } from "./dom.js";
import { icon } from "./icons.js";
import { onKey } from "./keyboard.js";
import { plainText } from "./markup-rules.js";
import { isolated } from "./nickname.js";

const BUTTONS = /** @type {[Act, string, string][]} */ ([
  ["react", "smile", "React (+)"],
  ["reply", "reply", "Reply (R)"],
  ["pin", "pin", "Pin for everybody (P)"],
  ["more", "more", "More"],
]);
/** @type {Record<string, Act>} */
const KEYS = {
  ...{ "+": "react", r: "reply", e: "edit", p: "pin", u: "unread", i: "information" },
  ...{ Delete: "delete", ContextMenu: "more" },
};
/** @type {Record<string, Act>} on a reaction, where Enter and the space bar join it */
const PILL_KEYS = { ContextMenu: "people", i: "people", I: "people" };
/** How long a finger rests on a message before its menu opens, in ms. */
const LONG_PRESS = 450;
/** A finger that has moved further scrolls, in px. */
const STILL = 10;

export class MessageBar {
  /** @type {HTMLElement | null} */
  #row = null;
  #pressTimer = 0;
  #pressed = { x: 0, y: 0 };

  /**
   * @param {HTMLElement} scroller
   * @param {object} timeline
   * @param {(row: Element | null) => MessageEntry | undefined} timeline.messageOf the stored message of a row
   * @param {() => Element | null} timeline.lastVisible the row to begin to walk from
   * @param {(act: Act, item: MessageEntry, anchor: HTMLElement) => void} acted
   */
  constructor(scroller, timeline, acted) {
    this.scroller = scroller;
    this.timeline = timeline;
    this.acted = acted;
    this.box = el("div", { class: "message-bar", role: "toolbar", "aria-label": "Act on this message" });
    this.box.append(...BUTTONS.map((button) => this.#button(...button)));
    scroller.addEventListener("pointerover", (pointer) => this.#pointed(pointer));
    scroller.addEventListener("pointerleave", () => this.#show(this.#focusedRow()));
    scroller.addEventListener("focusin", () => this.#show(this.#focusedRow()));
    scroller.addEventListener("focusout", () => setTimeout(() => this.#left()));
    scroller.addEventListener("contextmenu", (click) => this.#menu(click));
    scroller.addEventListener("touchstart", (press) => this.#touched(press), { passive: true });
    scroller.addEventListener("touchmove", (move) => this.#moved(move), { passive: true });
    scroller.addEventListener("touchend", () => clearTimeout(this.#pressTimer));
    onKey(scroller, (key) => this.#key(key));
  }

  /** The rows were drawn again: put the bar back. */
  restore() {
    if (this.#row && !this.#row.contains(this.box)) this.#show(this.#row.isConnected ? this.#row : null);
  }

  /**
   * @param {Act} act
   * @param {string} drawing
   * @param {string} title
   */
  #button(act, drawing, title) {
    const attributes = { type: "button", class: "icon-button", title, "aria-label": title.replace(/ \(.*/u, "") };
    const button = el("button", { ...attributes, tabindex: -1 }, icon(drawing));
    if (act === "more" || act === "react") button.setAttribute("aria-haspopup", "dialog");
    button.addEventListener("click", (click) => {
      click.stopPropagation();
      this.#do(act, this.#row, button);
    });
    return button;
  }

  /** @param {HTMLElement | null} row */
  #show(row) {
    const item = this.timeline.messageOf(row);
    this.#row = item ? row : null;
    if (!item || !row) return this.box.remove();
    const pin = /** @type {HTMLElement} */ (this.box.children[2]);
    pin.title = item.pinned ? "Unpin (P)" : "Pin for everybody (P)";
    pin.setAttribute("aria-label", item.pinned ? "Unpin" : "Pin for everybody");
    const line = row.lastElementChild;
    if (this.box.parentElement !== line) line?.append(this.box);
    return undefined;
  }

  /** @param {PointerEvent} pointer */
  #pointed({ target, pointerType }) {
    if (pointerType === "touch") return;
    const row = rowOf(target);
    if (row) this.#show(row);
  }

  #focusedRow() {
    return this.scroller.contains(document.activeElement) ? rowOf(document.activeElement) : null;
  }

  #left() {
    if (!this.#focusedRow() && !this.#row?.matches(":hover")) this.#show(null);
  }

  /** @param {MouseEvent} click */
  #menu(click) {
    const selected = document.getSelection()?.isCollapsed === false;
    const target = /** @type {Element} */ (click.target);
    if (!touch.matches || selected || target.closest("a")) return;
    click.preventDefault(); // the long press has its own menu
  }

  /** @param {TouchEvent} press */
  #touched({ touches, target }) {
    const [{ clientX: x, clientY: y }] = touches;
    this.#pressed = { x, y };
    clearTimeout(this.#pressTimer);
    const row = rowOf(target);
    const pill = pillOf(target);
    const opens = () => (pill ? this.#do("people", row, pill) : row && this.#do("more", row, row));
    if (touches.length === 1 && row) this.#pressTimer = setTimeout(opens, LONG_PRESS);
  }

  /** @param {TouchEvent} move */
  #moved({ touches: [{ clientX, clientY }] }) {
    const { x, y } = this.#pressed;
    if (Math.hypot(clientX - x, clientY - y) > STILL) clearTimeout(this.#pressTimer);
  }

  /** @param {KeyboardEvent} key */
  #key(key) {
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    const row = this.#focusedRow();
    const onRow = document.activeElement === row;
    if (key.key === "ArrowUp" || key.key === "ArrowDown") return this.#walk(key, row);
    const pill = pillOf(document.activeElement);
    const act = pill ? PILL_KEYS[key.key] : (KEYS[key.key] ?? KEYS[key.key.toLowerCase()]);
    if (act && pill) key.preventDefault();
    if (act && pill) return this.#do(act, row, pill);
    if (!act || !onRow || !row) return;
    key.preventDefault();
    this.#do(act, row, row);
  }

  /**
   * @param {KeyboardEvent} key
   * @param {HTMLElement | null} row
   */
  #walk(key, row) {
    if (!row && key.key === "ArrowDown") return; // the list itself has the focus, at its end
    let next = row ? stepFrom(row, key.key) : this.timeline.lastVisible();
    while (next && !this.timeline.messageOf(next)) next = stepFrom(next, key.key);
    if (!next) return;
    key.preventDefault();
    this.#focus(/** @type {HTMLElement} */ (next));
  }

  /** @param {HTMLElement} row */
  #focus(row) {
    const item = this.timeline.messageOf(row);
    row.setAttribute("role", "article");
    if (item) row.setAttribute("aria-label", labelOf(row, item));
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {Act} act
   * @param {HTMLElement | null} row
   * @param {HTMLElement} anchor
   */
  #do(act, row, anchor) {
    const item = this.timeline.messageOf(row);
    if (item) this.acted(act, item, anchor);
  }
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
function rowOf(target) {
  return target instanceof Element ? target.closest(".row") : null;
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
function pillOf(target) {
  return target instanceof Element ? target.closest(".reaction[data-emoji]") : null;
}

/**
 * @param {Element} row
 * @param {string} key
 */
function stepFrom(row, key) {
  return key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
}

/**
 * What screen readers say of a message: "Ben, 10:31, edited, answers Kit: Same here. 👍 6, yours too".
 * @param {HTMLElement} row
 * @param {MessageEntry} item
 */
function labelOf(row, { nickname, time, edited, pinned, content, body }) {
  const answered = row.querySelector(".quote-name")?.textContent;
  const facts = [
    isolated(nickname),
    clockTime(time),
    edited && "edited",
    pinned && "pinned",
    answered && `answers ${isolated(answered)}`,
  ];
  const reactions = [...row.querySelectorAll(".reaction[data-emoji]")].map((it) => it.getAttribute("aria-label") ?? "");
  const words = body ? plainText(body) : content;
  return [`${facts.filter(Boolean).join(", ")}: ${words}`, ...reactions.map((it) => it.split(":")[0])].join(". ");
}
