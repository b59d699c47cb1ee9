// @ts-check
/**
 * A virtual list: only the rows near the visible part exist, between spacers for the others. For screen readers each
 * row has its position among all. Where the list goes on, its last line says so, and more is wanted when it is near.
 *
 * @typedef {import("./protocol.js").User} User
 * @typedef {{element: HTMLElement, user: User, isSelf: boolean}} Row
 */

import { presenceOf } from "./people.js";
import { avatar } from "./avatar.js";
import { moreLabel } from "./counts.js";
import { el, nameElement } from "./dom.js";
import { icon } from "./icons.js";
import { markOf } from "./person-mark.js";

/** Rows that exist above and below the visible ones: about two screens; redrawn when half of them are left. */
const OVERSCAN = 30;

/** What ARIA calls the size of a set that nobody knows. */
const UNKNOWN_SIZE = -1;

/** @type {Map<string, [string, string]>} icon and label of each kind of client */
const CLIENT_KINDS = new Map([
  ["window", ["window", "in the app"]],
  ["browser", ["globe", "in a browser"]],
  ["phone", ["phone", "on a phone"]],
  ["terminal", ["terminal", "in a terminal"]],
  ["bot", ["terminal", "a program"]],
]);

export class PeopleList {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** @type {User[]} */
  #users = [];
  /** How many people follow, who are not in the list yet; Infinity if nobody knows. */
  #others = 0;
  /** @type {import("./own-identity.js").OwnIdentity | null} */
  #own = null;
  /** @type {ReadonlyMap<string, unknown>} */
  #typing = new Map();
  #keepsOrder = false;
  #height = 0;
  /** @type {{user: User, index: number} | null} the person at the upper edge */
  #anchor = null;
  /** The indexes of the existing rows, `end` exclusive. */
  #rendered = { first: 0, end: 0 };

  /**
   * @param {HTMLElement} list its scroller, with nothing but the rows in it
   * @param {() => void} moreWanted the end of the list is near, and others follow
   */
  constructor(list, moreWanted) {
    this.list = list;
    this.moreWanted = moreWanted;
    this.rest = el("li", { class: "people-rest", role: "presentation" });
    list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#draw()).observe(list);
  }

  /**
   * Show these people; the person at the upper edge stays there.
   * @param {User[]} users
   * @param {import("./own-identity.js").OwnIdentity} own oneself
   * @param {number} others how many follow, who are not in the list yet; Infinity if nobody knows
   * @param {boolean} [keepsOrder] whether each person has a menu
   */
  show(users, own, others, keepsOrder = false) {
    const anchor = this.#anchor;
    this.#users = users;
    this.#own = own;
    if (keepsOrder !== this.#keepsOrder) for (const { element } of this.#rows.values()) element.remove();
    if (keepsOrder !== this.#keepsOrder) this.#rows.clear();
    this.#keepsOrder = keepsOrder;
    this.#others = others;
    this.rest.textContent = moreLabel(others);
    this.#draw();
    const index = anchor ? users.indexOf(anchor.user) : -1;
    if (anchor && index >= 0 && index !== anchor.index) this.list.scrollTop += (index - anchor.index) * this.#height;
    this.#scrolled();
  }

  /** Show the first person with the next list: it is another one. */
  toTop() {
    this.#anchor = null;
    this.list.scrollTop = 0;
  }

  /** @param {ReadonlyMap<string, unknown>} typing who is typing, by nickname */
  showTyping(typing) {
    this.#typing = typing;
    for (const { element, user } of this.#rows.values()) this.#markTyping(element, user);
  }

  #scrolled() {
    const { first, end } = this.#visible();
    const near = OVERSCAN / 2;
    const missing = first - near < this.#rendered.first && this.#rendered.first > 0;
    if (missing || (end + near > this.#rendered.end && this.#rendered.end < this.#users.length)) this.#draw();
    if (this.#others && this.#height && end + OVERSCAN > this.#users.length) this.moreWanted();
    // At the very top nobody is held in place, so that a new first person is visible.
    this.#anchor = this.list.scrollTop > 0 && this.#users[first] ? { user: this.#users[first], index: first } : null;
  }

  /** The indexes of the visible rows. */
  #visible() {
    const { scrollTop, clientHeight } = this.list;
    if (!this.#height) return { first: 0, end: 0 };
    return {
      first: Math.floor(scrollTop / this.#height),
      end: Math.ceil((scrollTop + clientHeight) / this.#height),
    };
  }

  #draw() {
    const count = this.#users.length;
    const seen = this.#visible();
    const first = Math.max(Math.min(seen.first, count) - OVERSCAN, 0);
    const end = Math.min(seen.end + OVERSCAN, count);
    this.#rendered = { first, end };
    this.#render(first, end);
    if (this.#others && end === count) this.list.append(this.rest);
    else this.rest.remove();
    this.#setSpacers();
    if (this.#measure()) this.#setSpacers();
  }

  /** Space for the rows that do not exist; without it the browser would change the scroll position. */
  #setSpacers() {
    const { first, end } = this.#rendered;
    this.list.style.setProperty("--above", `${first * this.#height}px`);
    this.list.style.setProperty("--below", `${(this.#users.length - end) * this.#height}px`);
  }

  /**
   * @param {number} first
   * @param {number} end
   */
  #render(first, end) {
    const users = this.#users.slice(first, end);
    const held = new Set(users.map((user) => user.nickname));
    for (const [nickname, { element }] of this.#rows) {
      if (held.has(nickname)) continue;
      element.remove();
      this.#rows.delete(nickname);
    }
    let next = this.list.firstElementChild;
    for (const [index, user] of users.entries()) {
      const element = this.#row(user);
      this.#setPosition(element, first + index + 1);
      if (element === next) next = next.nextElementSibling;
      else this.list.insertBefore(element, next ?? (this.rest.isConnected ? this.rest : null));
    }
  }

  /** All rows have one height; 0 while the list is hidden. Returns whether it has changed. */
  #measure() {
    const before = this.#height;
    const first = this.list.querySelector(".person");
    this.#height = first?.getBoundingClientRect().height || before;
    return this.#height !== before;
  }

  /** @param {User} user */
  #row(user) {
    const row = this.#rows.get(user.nickname);
    const isSelf = this.#own?.isMine(user) ?? false;
    if (row?.user === user && row.isSelf === isSelf) return row.element;
    const element = row?.element ?? el("li");
    element.className = isSelf ? "person self" : "person";
    element.dataset.nickname = user.nickname;
    element.replaceChildren(...personParts(user, isSelf, this.#keepsOrder && !isSelf));
    this.#markTyping(element, user);
    this.#rows.set(user.nickname, { element, user, isSelf });
    return element;
  }

  /**
   * Set only what differs: setting an equal value counts as a change for screen readers.
   * @param {HTMLElement} element
   * @param {number} place
   */
  #setPosition(element, place) {
    const count = this.#users.length + this.#others;
    for (const [name, value] of [
      ["aria-posinset", place],
      ["aria-setsize", Number.isFinite(count) ? count : UNKNOWN_SIZE],
    ]) {
      if (element.getAttribute(String(name)) !== String(value)) element.setAttribute(String(name), String(value));
    }
  }

  /**
   * @param {HTMLElement} element
   * @param {User} user
   */
  #markTyping(element, user) {
    element.classList.toggle("typing", this.#typing.has(user.nickname));
  }
}

/**
 * @param {User} user
 * @param {boolean} isSelf
 * @param {boolean} hasMenu
 */
function personParts(user, isSelf, hasMenu) {
  const presence = presenceOf(user);
  const status = presence === "online" ? user.status_text : [presence, user.status_text].filter(Boolean).join(", ");
  const title = [user.nickname, status].filter(Boolean).join(": ");
  const name = nameElement(user.nickname, { class: "elide", title });
  const words = [isSelf ? "you" : "", status].filter(Boolean).join(", ");
  const quiet = words ? el("span", { class: "quiet elide" }, words) : null;
  const nameLine = el("span", { class: "person-name" }, name, quiet);
  const [kind, label] = CLIENT_KINDS.get(user.client ?? "") ?? ["terminal", "in a terminal"];
  return [
    avatar(user, presence),
    el("span", { class: "person-text" }, nameLine, el("span", { class: "person-note" }, "typing")),
    ...markOf(user, user.client === "bot"),
    ...(user.role === "guest" ? [el("span", { class: "tag bot" }, "guest")] : []),
    ...(user.muted ? [icon("mute", "muted")] : []),
    icon(user.host && kind === "window" ? "monitor" : kind, label),
    ...(hasMenu ? [menuButton(user.nickname)] : []),
  ];
}

/** @param {string} nickname */
function menuButton(nickname) {
  const label = `More for ${nickname}`;
  const attributes = { type: "button", class: "icon-button person-more", "aria-haspopup": "dialog" };
  return el("button", { ...attributes, "aria-label": label, title: label }, icon("more"));
}
